import { Component, type ReactNode } from 'react';
import { ErrorState } from './states.tsx';

/** Keeps a bug on one page from taking the frame with it. */
export class PageGuard extends Component<{ children: ReactNode }, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return <ErrorState error={error} retry={() => this.setState({ error: undefined })} />;
  }
}
