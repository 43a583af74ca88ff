// Reads tables of text. Source: RFC 4180; line ends may be LF, too.

/**
 * Rows of a text, at most so many.
 *
 * @param whole whether the text is all of the file; of a part, the last row is cut and left out
 */
export function rows(text, separator, most, whole) {
  const result = [];
  let row = [];
  let cell = '';
  let quoted = false;
  const endRow = () => {
    row.push(cell);
    if (row.length > 1 || cell !== '') {
      result.push(row);
    }
    row = [];
    cell = '';
  };
  for (let at = 0; at < text.length && result.length < most; at += 1) {
    const sign = text[at];
    if (quoted) {
      if (sign !== '"') {
        cell += sign;
      } else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else {
        quoted = false;
      }
    } else if (sign === '"' && cell === '') {
      quoted = true;
    } else if (sign === separator) {
      row.push(cell);
      cell = '';
    } else if (sign === '\n') {
      endRow();
    } else if (sign !== '\r') {
      cell += sign;
    }
  }
  if (whole && result.length < most) {
    endRow();
  }
  return result.length > 0 ? result : [[]];
}
