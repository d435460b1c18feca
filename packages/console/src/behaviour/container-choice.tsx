import { NativeSelect } from '@mantine/core';
import { useRoute } from '../client/queries.ts';
import { setQuery } from '../client/scope.ts';

/** Which container of a subject is shown; a choice only where there are several. */
export function ContainerChoice({ subject, current }: { subject: string; current: string | undefined }) {
  const { data } = useRoute('/api/profiles', { query: { subject, limit: 100 } });
  const names = (data?.items ?? []).flatMap(({ container }) => (container === undefined ? [] : [container]));
  if (current === undefined) return null;
  if (names.length < 2) return <span className="chip">container {current}</span>;
  return (
    <NativeSelect
      size="xs"
      aria-label="Container"
      value={current}
      onChange={({ currentTarget }) => setQuery({ container: currentTarget.value }, { replace: true })}
      data={names.map((name) => ({ value: name, label: `container ${name}` }))}
    />
  );
}
