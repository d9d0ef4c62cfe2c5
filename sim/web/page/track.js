// Where everything is at a moment, from a run's columns. Pure: no drawing, no clock.
export const LOADING = 0, DRIVING = 1, STOPPED = 2, RETURNING = 3;
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
    this.begin = new Int32Array(this.vehicles.length + 1).fill(columns.trip_vehicle.length);
    for (let row = columns.trip_vehicle.length - 1; row >= 0; row--) this.begin[columns.trip_vehicle[row]] = row;
    for (let v = this.vehicles.length - 1; v >= 0; v--) this.begin[v] = Math.min(this.begin[v], this.begin[v + 1]);
    const { lon, lat } = scene.places;
    this.lon = Float64Array.from(lon);
    this.lat = Float64Array.from(lat);
    this.waits = { step: -2, parcels: new Int32Array(lon.length), fill: new Float32Array(lon.length) };
  }

  // What a vehicle does at time t: null where it stands idle.
  vehicle(v, t) {
    const c = this.c;
    const trip = last(c.trip_load, this.begin[v], this.begin[v + 1], t);
    if (trip < this.begin[v] || t > c.trip_back[trip]) return null;
    const first = c.trip_first[trip], end = first + c.trip_stops[trip], home = c.trip_from[trip];
    if (t < c.trip_depart[trip]) return this.still(v, trip, home, LOADING, c.trip_aboard[trip], c.trip_fill[trip]);
    const stop = last(c.stop_arrive, first, end, t);
    if (stop < first) {
      return this.way(v, trip, home, c.stop_place[first], c.trip_depart[trip], c.stop_arrive[first], t, c.trip_aboard[trip], c.trip_fill[trip], DRIVING);
    }
    const here = c.stop_place[stop];
    if (t <= c.stop_depart[stop]) return this.still(v, trip, here, STOPPED, c.stop_aboard[stop], c.stop_fill[stop]);
    const aboard = c.stop_aboard[stop], fill = c.stop_fill[stop];
    if (stop + 1 < end) return this.way(v, trip, here, c.stop_place[stop + 1], c.stop_depart[stop], c.stop_arrive[stop + 1], t, aboard, fill, DRIVING);
    if (!c.trip_home[trip]) return this.still(v, trip, here, STOPPED, aboard, fill);
    return this.way(v, trip, here, home, c.stop_depart[stop], c.trip_back[trip], t, aboard, fill, RETURNING);
  }

  still(vehicle, trip, place, state, aboard, fill) {
    return { vehicle, trip, state, lon: this.lon[place], lat: this.lat[place], aboard, fill, from: place, to: place };
  }

  way(vehicle, trip, from, to, left, arrives, t, aboard, fill, state) {
    const share = arrives > left ? (t - left) / (arrives - left) : 1;
    const lon = this.lon[from] + (this.lon[to] - this.lon[from]) * share;
    const lat = this.lat[from] + (this.lat[to] - this.lat[from]) * share;
    return { vehicle, trip, state, lon, lat, aboard, fill, from, to };
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
