// Draw onto canvases: places with what waits, vehicles with their load, closed roads and breakdowns; how dark it is.
export const WAITS = "rgba(0, 90, 140, 0.34)", FULL = "#b3261e", STATION = "#0b5d57", PLAIN = "#5b6770", TOWN = "#1f2933";
const NIGHT = [0.34, 0.34, 0.34, 0.32, 0.28, 0.2, 0.08, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.06, 0.18, 0.3, 0.38, 0.34, 0.34, 0.34, 0.34];

export function night(t) {
  const hour = (((t / 3600) % 24) + 24) % 24, whole = Math.floor(hour);
  return NIGHT[whole] + (NIGHT[whole + 1] - NIGHT[whole]) * (hour - whole);
}

export function radius(parcels) {
  return parcels > 0 ? 3 + Math.min(Math.sqrt(parcels) * 0.6, 24) : 0;
}

// What stays where it is until a view, an hour or a day changes: places and what waits there. `spots` are pixels [x0, y0, x1, y1, ...].
export function drawStill(ctx, size, spots, waits, dark, look) {
  ctx.clearRect(0, 0, size[0], size[1]);
  waiting(ctx, spots, waits, look.scale);
  places(ctx, spots, look.tiers, look.stations, look.synthetic, look.scale, dark);
}

// What moves: vehicles with their load, and closed roads and breakdowns. `project` gives the pixel of a longitude and a latitude.
export function drawMoving(ctx, size, spots, project, moment, look) {
  ctx.clearRect(0, 0, size[0], size[1]);
  for (const event of moment.events) cross(ctx, spots[2 * event.place], spots[2 * event.place + 1], event.breakdown);
  const groups = new Map();
  for (const one of moment.vehicles) {
    const [x, y] = project(one.lon, one.lat), colour = look.colours[one.vehicle], truck = look.trucks[one.vehicle];
    const entry = { x, y, truck, fill: Number.isNaN(one.fill) ? 0 : Math.min(one.fill, 1), w: (truck ? 8 : 6) * look.scale, h: (truck ? 5.5 : 6) * look.scale };
    if (!groups.has(colour)) groups.set(colour, []);
    groups.get(colour).push(entry);
    if (one.vehicle === look.followed) groups.set("#000000", [{ ...entry, w: entry.w + 4, h: entry.h + 4, fill: 0 }]);
  }
  for (const [colour, entries] of groups) vehicles(ctx, colour, entries);
}

// A truck is a rectangle, a van a disc; the coloured part of it is the share of its capacity that is in use. One path for all of a colour.
function vehicles(ctx, colour, entries) {
  ctx.beginPath();
  for (const { x, y, truck, w, h } of entries) if (truck) ctx.rect(x - w, y - h, 2 * w, 2 * h); else circle(ctx, x, y, w);
  ctx.fillStyle = "#ffffff";
  ctx.fill();
  ctx.lineWidth = 2;
  ctx.strokeStyle = colour;
  ctx.stroke();
  ctx.beginPath();
  for (const { x, y, truck, w, h, fill } of entries) {
    if (!fill) continue;
    if (truck) ctx.rect(x - w, y + h - 2 * h * fill, 2 * w, 2 * h * fill);
    else {
      const level = Math.asin(1 - 2 * fill);
      ctx.moveTo(x + w * Math.cos(level), y + w * Math.sin(level));
      ctx.arc(x, y, w, level, Math.PI - level);
      ctx.closePath();
    }
  }
  ctx.fillStyle = colour;
  ctx.fill();
}

function waiting(ctx, spots, waits, scale) {
  ctx.fillStyle = WAITS;
  ctx.beginPath();
  for (let i = 0; i < waits.parcels.length; i++) if (waits.parcels[i]) circle(ctx, spots[2 * i], spots[2 * i + 1], radius(waits.parcels[i]) * scale);
  ctx.fill();
  ctx.strokeStyle = FULL;
  ctx.lineWidth = 2.5;
  ctx.beginPath();
  for (let i = 0; i < waits.fill.length; i++) if (waits.fill[i] >= 0.9) circle(ctx, spots[2 * i], spots[2 * i + 1], radius(waits.parcels[i]) * scale + 2);
  ctx.stroke();
}

function places(ctx, spots, tiers, stations, synthetic, scale, dark) {
  const groups = [[], [], []];
  for (let i = 0; i < tiers.length; i++) groups[tiers[i] > 0 ? 2 : stations[i] ? 1 : 0].push(i);
  const colours = dark > 0.2 ? ["#c3ccd4", "#8fe0d6", "#ffffff"] : [PLAIN, STATION, TOWN];
  groups.forEach((rows, group) => {
    ctx.fillStyle = ctx.strokeStyle = colours[group];
    ctx.lineWidth = 1.2;
    ctx.beginPath();
    for (const i of rows) mark(ctx, spots[2 * i], spots[2 * i + 1], (group === 2 ? 3 + tiers[i] : group === 1 ? 3 : 1.9) * scale, synthetic[i]);
    if (group) ctx.fill(); else ctx.stroke();
  });
}

// A place whose position a model placed is round, one of a known position is square.
function mark(ctx, x, y, r, synthetic) {
  if (synthetic) circle(ctx, x, y, r); else ctx.rect(x - r, y - r, 2 * r, 2 * r);
}

function circle(ctx, x, y, r) {
  ctx.moveTo(x + r, y);
  ctx.arc(x, y, r, 0, 6.2832);
}

function cross(ctx, x, y, breakdown) {
  ctx.strokeStyle = FULL;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.moveTo(x - 5, y - 5);
  ctx.lineTo(x + 5, y + 5);
  if (!breakdown) {
    ctx.moveTo(x + 5, y - 5);
    ctx.lineTo(x - 5, y + 5);
  }
  ctx.stroke();
}
