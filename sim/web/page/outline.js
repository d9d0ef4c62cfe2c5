// A county before anything has run: its seat, townships and villages as points, on the plane that the maps use.
import { html, useEffect, useState } from "../vendor/preact.js";
import { get } from "./net.js";
import { both, t } from "./text.js";

const known = new Map();

export function useOutline(county) {
  const [found, keep] = useState(known.get(county));
  useEffect(() => {
    let stays = true;
    keep(known.get(county));
    if (!known.has(county)) get("/api/county", { county }).then((told) => {
      known.set(county, told);
      if (stays) keep(told);
    });
    return () => { stays = false; };
  }, [county]);
  return found;
}

export function Outline({ found, busy }) {
  const said = t(busy ? "first_under_way" : "no_run");
  if (!found || !found.seat) return html`<p class="empty">${said}</p>`;
  const all = [[found.seat.lon, found.seat.lat], ...found.townships.map((one) => [one.lon, one.lat]), ...found.villages];
  const narrow = Math.cos((found.seat.lat * Math.PI) / 180);
  const xs = all.map(([lon]) => lon * narrow), ys = all.map(([, lat]) => -lat);
  const left = Math.min(...xs), top = Math.min(...ys), wide = Math.max(...xs) - left, high = Math.max(...ys) - top;
  const unit = Math.max(wide, high) / 400, at = (lon, lat) => [(lon * narrow - left) / unit, (-lat - top) / unit];
  const box = `${-24} ${-24} ${wide / unit + 48} ${high / unit + 48}`;
  const named = (one, r, size) => {
    const [x, y] = at(one.lon, one.lat);
    return html`<g><circle cx=${x} cy=${y} r=${r} /><text x=${x} y=${y - r - 3} font-size=${size}>${both(one)}</text></g>`;
  };
  return html`
    <svg class="outline" viewBox=${box} preserveAspectRatio="xMidYMid meet" aria-hidden="true">
      ${found.villages.map(([lon, lat]) => { const [x, y] = at(lon, lat); return html`<circle class="village" cx=${x} cy=${y} r="1.6" />`; })}
      ${found.townships.map((one) => named(one, 3.2, 9))}
      ${named(found.seat, 5, 11)}
    </svg>
    <p class="unrun">${said}${found.synthetic ? html`<br />${t("synthetic_all")}` : ""}</p>`;
}
