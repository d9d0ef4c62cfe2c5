// Read a body of columns: "GTC1", the header's length, the header, the columns (see sim/web/columns.py).
const KINDS = { int32: Int32Array, uint16: Uint16Array, uint8: Uint8Array, float32: Float32Array };

export function unpack(buffer) {
  const view = new DataView(buffer);
  if (view.getUint32(0) !== 0x47544331) throw new Error("no body of columns");
  const end = 8 + view.getUint32(4, true);
  const about = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, end - 8)));
  const columns = {};
  for (const c of about.columns) columns[c.name] = new KINDS[c.type](buffer, end + c.offset, c.length);
  return { columns, about };
}
