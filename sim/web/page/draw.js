// Draw one moment onto a canvas: night, places with what waits, vehicles with their load, closed roads and breakdowns.
export const OPERATORS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#5b4b8a", "#333333"];
export const WAITS = "rgba(0, 90, 140, 0.34)", FULL = "#b3261e", STATION = "#0b5d57", PLAIN = "#5b6770", TOWN = "#1f2933";
const NIGHT = [0.34, 0.34, 0.34, 0.32, 0.28, 0.2, 0.08, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.06, 0.18, 0.3, 0.38, 0.34, 0.34, 0.34, 0.34];

export function night(t) {
  const hour = (((t / 3600) % 24) + 24) % 24, whole = Math.floor(hour);
  return NIGHT[whole] + (NIGHT[whole + 1] - NIGHT[whole]) * (hour - whole);
}

export function radius(parcels) {
  return parcels > 0 ? 3 + Math.min(Math.sqrt(parcels) * 0.6, 24) : 0;
}

// `spots` are pixels of the places [x0, y0, x1, y1, ...]; `project` gives the pixel of a longitude and a latitude.
export function draw(ctx, size, spots, project, track, moment, look) {
  const { t, vehicles, waits, events } = moment, { tiers, stations, scale, followed } = look;
  ctx.clearRect(0, 0, size[0], size[1]);
  const dark = night(t);
  if (dark > 0) {
    ctx.fillStyle = `rgba(20, 30, 70, ${dark})`;
    ctx.fillRect(0, 0, size[0], size[1]);
  }
  waiting(ctx, spots, waits, scale);
  places(ctx, spots, tiers, stations, look.synthetic, scale, dark);
  for (const event of events) cross(ctx, spots[2 * event.place], spots[2 * event.place + 1], event.breakdown);
  for (const one of vehicles) {
    const [x, y] = project(one.lon, one.lat);
    vehicle(ctx, x, y, one, look.colours[one.vehicle], look.trucks[one.vehicle], scale, one.vehicle === followed);
  }
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

// A truck is a rectangle, a van a disc; the coloured part of it is the share of its capacity that is in use.
function vehicle(ctx, x, y, one, colour, truck, scale, followed) {
  const w = (truck ? 8 : 6) * scale, h = (truck ? 5.5 : 6) * scale;
  ctx.save();
  ctx.beginPath();
  if (truck) ctx.rect(x - w, y - h, 2 * w, 2 * h); else ctx.arc(x, y, w, 0, 6.2832);
  ctx.fillStyle = "#ffffff";
  ctx.fill();
  ctx.save();
  ctx.clip();
  ctx.fillStyle = colour;
  const fill = Number.isNaN(one.fill) ? 0 : Math.min(one.fill, 1);
  ctx.fillRect(x - w, y + h - 2 * h * fill, 2 * w, 2 * h * fill);
  ctx.restore();
  ctx.lineWidth = followed ? 4 : 2;
  ctx.strokeStyle = followed ? "#000000" : colour;
  ctx.stroke();
  ctx.restore();
}
