import type { ReactNode } from 'react';

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.3"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

/** A tray: what waits for a decision. */
export const InboxIcon = () => (
  <Icon>
    <path d="M2 9.5 4 3.5h8l2 6v3H2zM2 9.5h3.6l.8 1.4h3.2l.8-1.4H14" />
  </Icon>
);
/** A pulse: what went on that was not expected. */
export const IncidentsIcon = () => (
  <Icon>
    <path d="M1.6 8.4h3l1.8-4.8 3 9 1.9-5.2.6 1h2.5" />
  </Icon>
);
/** A box: what there is. */
export const InventoryIcon = () => (
  <Icon>
    <path d="m8 1.8 5.6 3v6.4L8 14.2l-5.6-3V4.8zM2.4 4.8 8 7.8l5.6-3M8 7.8v6.4" />
  </Icon>
);
/** Places joined by ways: who reaches whom. */
export const MapIcon = () => (
  <Icon>
    <circle cx="3.6" cy="8" r="1.8" />
    <circle cx="12.2" cy="3.8" r="1.8" />
    <circle cx="12.2" cy="12.2" r="1.8" />
    <path d="m5.3 7.2 5.2-2.6M5.3 8.8l5.2 2.6M12.2 5.6v4.8" />
  </Icon>
);
/** A shield: what must hold. */
export const PoliciesIcon = () => (
  <Icon>
    <path d="M8 1.8 13.2 4v3.6c0 3.2-2.2 5.4-5.2 6.6-3-1.2-5.2-3.4-5.2-6.6V4zM5.8 8l1.6 1.6 2.9-3" />
  </Icon>
);
/** Sliders. */
export const SettingsIcon = () => (
  <Icon>
    <path d="M2 5h7M12.4 5H14M2 11h1.6M7 11h7" />
    <circle cx="10.7" cy="5" r="1.7" />
    <circle cx="5.3" cy="11" r="1.7" />
  </Icon>
);
/** A glass. */
export const SearchIcon = () => (
  <Icon>
    <circle cx="7" cy="7" r="4.2" />
    <path d="m10.2 10.2 3.3 3.3" />
  </Icon>
);
/** A cross that closes. */
export const CloseIcon = () => (
  <Icon>
    <path d="m4 4 8 8M12 4l-8 8" />
  </Icon>
);
