// Parts of the page whose code is large and is loaded when they are first shown.
import { useSignal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';

/** A component whose code `load` brings; until then a word, and if it cannot be had, why. */
export function lazily<Props extends object>(
  load: () => Promise<FunctionComponent<Props>>,
): FunctionComponent<Props> {
  let loaded: FunctionComponent<Props> | null = null;
  return function Lazily(props: Props) {
    const state = useSignal<'loading' | 'loaded' | 'failed'>(loaded ? 'loaded' : 'loading');
    useEffect(() => {
      if (loaded !== null) return;
      load().then(
        (component) => {
          loaded = component;
          state.value = 'loaded';
        },
        () => (state.value = 'failed'),
      );
    }, []);
    const Component = loaded;
    if (state.value === 'loaded' && Component !== null) return <Component {...props} />;
    if (state.value === 'loading') return <p class="muted">Loading{'\u2026'}</p>;
    return (
      <p class="notice bad" role="alert">
        <strong>This part of the page could not be loaded.</strong> Is <code>selffer serve</code>{' '}
        still running? Reload the page to try again.
      </p>
    );
  };
}
