// Where everything is at a moment, from a run's columns: positions as sim/tracks.py has them. Pure: no drawing, no clock.
export const DAY = 86400;

// The last index in [lo, hi) whose value is <= x, lo - 1 where there is none.
function last(values, lo, hi, x) {
  while (lo < hi) {
    const middle = (lo + hi) >> 1;
    if (values[middle] <= x) lo = middle + 1; else hi = middle;
  }
  return lo - 1;
}

export class Track {
  constructor({ columns, about }, scene) {
    Object.assign(this, { c: columns, vehicles: about.vehicles, hourly: about.hourly, scene });
    const rows = columns.trip_vehicle.length;
    this.begin = new Int32Array(this.vehicles.length + 1).fill(rows);
    for (let row = rows - 1; row >= 0; row--) this.begin[columns.trip_vehicle[row]] = row;
    for (let v = this.vehicles.length - 1; v >= 0; v--) this.begin[v] = Math.min(this.begin[v], this.begin[v + 1]);
    this.starts = Int32Array.from({ length: rows }, (_, trip) => columns.knot_time[columns.trip_first[trip]]);
    const { lon, lat } = scene.places;
    this.lon = Float64Array.from(lon);
    this.lat = Float64Array.from(lat);
    this.waits = { step: -2, parcels: new Int32Array(lon.length), fill: new Float32Array(lon.length) };
  }

  // Where a vehicle is at time t, null where nowhere: at a knot its place, between two knots as large a part of the way as of the time.
  vehicle(vehicle, t) {
    const c = this.c, trip = last(this.starts, this.begin[vehicle], this.begin[vehicle + 1], t);
    if (trip < this.begin[vehicle]) return null;
    const first = c.trip_first[trip], end = c.trip_first[trip + 1];
    if (t > c.knot_time[end - 1]) return null;
    const knot = last(c.knot_time, first, end, t), next = Math.min(knot + 1, end - 1);
    const here = c.knot_place[knot], there = c.knot_place[next], wait = c.knot_time[next] - c.knot_time[knot];
    const share = wait > 0 ? (t - c.knot_time[knot]) / wait : 0;
    const lon = this.lon[here] + (this.lon[there] - this.lon[here]) * share;
    const lat = this.lat[here] + (this.lat[there] - this.lat[here]) * share;
    return { vehicle, lon, lat, aboard: c.knot_aboard[knot], fill: c.knot_fill[knot] };
  }

  // All vehicles under way at time t.
  at(t) {
    const found = [];
    for (let v = 0; v < this.vehicles.length; v++) {
      const one = this.vehicle(v, t);
      if (one) found.push(one);
    }
    return found;
  }

  // What waits at each place: the last moment that the tables hold, not later than t.
  waiting(t) {
    const c = this.c, w = this.waits, step = last(c.wait_time, 0, c.wait_time.length, t);
    if (step !== w.step) {
      w.step = step;
      w.parcels.fill(0);
      w.fill.fill(0);
      if (step >= 0) {
        for (let row = c.wait_first[step], end = row + c.wait_rows[step]; row < end; row++) {
          w.parcels[c.wait_place[row]] = c.wait_parcels[row];
          w.fill[c.wait_place[row]] = c.wait_fill[row] || 0;
        }
      }
      w.since = step >= 0 ? c.wait_time[step] : null;
      w.sum = w.parcels.reduce((a, b) => a + b, 0);
    }
    return w;
  }

  // Roads closed and vehicles broken down at time t.
  events(t) {
    const c = this.c, found = [];
    for (let row = last(c.event_time, 0, c.event_time.length, t); row >= 0 && c.event_time[row] > t - 3 * DAY; row--) {
      if (t < c.event_until[row]) found.push({ place: c.event_place[row], breakdown: c.event_kind[row] === 1 });
    }
    return found;
  }
}
