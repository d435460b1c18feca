import { createTheme, localStorageColorSchemeManager } from '@mantine/core';

/** Mantine's settings; colours and sizes are the variables of `styles/tokens.css`. */
export const mantineTheme = createTheme({
  primaryColor: 'teal',
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  cursorType: 'pointer',
  respectReducedMotion: true,
});

/** Where the chosen theme is kept; `public/theme.js` reads the same key before the first paint. */
export const themeChoice = localStorageColorSchemeManager({ key: 'breakwater-theme' });
