// A figure: what it shows in a sentence, its drawing, and its data and picture to take along.
import { html, useRef } from "../vendor/preact.js";
import { t } from "./text.js";

export function Figure({ title, said, name, table, children }) {
  const box = useRef(null);
  const svg = () => box.current.querySelector("svg");
  const label = (kind) => t("save_as", { kind, title });
  return html`
    <figure class="figure" data-figure=${name}>
      <figcaption><h3>${title}</h3><p>${said}</p></figcaption>
      <div class="drawing" ref=${box}>${children}</div>
      <p class="take">
        <button onClick=${() => save(`${name}.csv`, csv(table), "text/csv")} aria-label=${label("CSV")}>CSV</button>
        <button onClick=${() => save(`${name}.svg`, source(svg()), "image/svg+xml")} aria-label=${label("SVG")}>SVG</button>
        <button onClick=${() => png(`${name}.png`, svg())} aria-label=${label("PNG")}>PNG</button>
      </p>
    </figure>`;
}

// Values as the library gave them; a spreadsheet that is told UTF-8 by the mark reads the Chinese names.
export function csv([head, ...rows]) {
  const cell = (value) => {
    const text = value === null || value === undefined ? "" : String(value);
    const safe = /^[=+@\t\r]|^-(?![\d.])/.test(text) ? `'${text}` : text;
    return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return `\ufeff${[head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

export function save(name, content, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function source(svg) {
  const copy = svg.cloneNode(true);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const [, , w, h] = svg.getAttribute("viewBox").split(" ");
  copy.setAttribute("width", w);
  copy.setAttribute("height", h);
  return new XMLSerializer().serializeToString(copy);
}

function png(name, svg) {
  const [, , w, h] = svg.getAttribute("viewBox").split(" ").map(Number), image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = 2 * w;
    canvas.height = 2 * h;
    const ctx = canvas.getContext("2d");
    ctx.fillStyle = "#ffffff";
    ctx.fillRect(0, 0, canvas.width, canvas.height);
    ctx.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => save(name, blob));
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source(svg))}`;
}
