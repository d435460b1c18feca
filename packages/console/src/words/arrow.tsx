/** An arrow that is read as "to". */
export function Arrow() {
  return (
    <>
      <span aria-hidden="true">→</span>
      <span className="heard">to</span>
    </>
  );
}
