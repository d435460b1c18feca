/** A column by its name; `number` stands to the right, `wide-only` needs room. A name may be for those who listen alone. */
type Column = string | { name: string; className?: string; heardOnly?: boolean };

/** The head of a table of rows. */
export function ColumnHeads({ of: columns }: { of: readonly Column[] }) {
  return (
    <thead>
      <tr>
        {columns.map((column) => {
          const { name, className, heardOnly = false } = typeof column === 'string' ? { name: column } : column;
          return (
            <th key={name} scope="col" className={className}>
              {heardOnly ? <span className="heard">{name}</span> : name}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
