// The frame of one map: OpenLayers for roads, names, panning and zooming; a canvas of our own above it for what moves.
import { drawMoving, drawStill, night } from "./draw.js";
import { place as named } from "./text.js";

const M_LAT = 110574, M_LON = 111320, AWAY = 1e6;
const TIERS = { village: 0, town: 0, township: 1, county: 2 };

// Places on a plane in metres, one linear step from longitude and latitude, so that straight stays straight; their middle lies at
// (AWAY, AWAY), where OpenLayers does not take metres for degrees.
export function plane(scene) {
  const { lon, lat } = scene.places;
  const lon0 = (Math.min(...lon) + Math.max(...lon)) / 2, lat0 = (Math.min(...lat) + Math.max(...lat)) / 2;
  const kx = M_LON * Math.cos((lat0 * Math.PI) / 180);
  return { to: (x, y) => [AWAY + (x - lon0) * kx, AWAY + (y - lat0) * M_LAT] };
}

export function extent(scene) {
  const { to } = plane(scene), { lon, lat } = scene.places;
  const points = lon.map((x, i) => to(x, lat[i]));
  const xs = points.map((p) => p[0]), ys = points.map((p) => p[1]);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

export function sharedView(scene) {
  const box = extent(scene), wide = Math.max(box[2] - box[0], box[3] - box[1]);
  const view = new ol.View({ center: [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2], resolution: wide / 500, maxResolution: wide / 150, minResolution: 4, enableRotation: false });
  view.home = (size) => view.fit(box, { size, padding: [26, 26, 26, 26] });
  return view;
}

export class CountyMap {
  constructor(target, view, scene, track, hooks) {
    Object.assign(this, { target, view, scene, track, hooks, transform: null, moment: null, followed: -1 });
    this.plane = plane(scene);
    const { places } = scene;
    this.points = places.lon.map((x, i) => this.plane.to(x, places.lat[i]));
    const tiers = places.tier.map((tier) => TIERS[tier]);
    this.look = {
      tiers, synthetic: places.synthetic, stations: new Uint8Array(tiers.length), scale: 1,
      colours: track.vehicles.map(([, operator]) => scene.operators[operator].colour), trucks: track.vehicles.map(([, , type]) => type !== "van"),
    };
    this.map = new ol.Map({ target, view, controls: [], layers: [this.roads(), this.names()], pixelRatio: window.devicePixelRatio });
    [this.still, this.canvas] = ["still", "moving"].map((name) => {
      const canvas = document.createElement("canvas");
      canvas.className = name;
      canvas.setAttribute("aria-hidden", "true");
      target.append(canvas);
      return canvas;
    });
    document.fonts.load("600 13px Guantong", named(places, 0)).then(() => this.labels.changed());
    this.map.on("postrender", (event) => this.framed(event.frameState));
    this.map.on("click", (event) => hooks.click(this.nearest(event.pixel)));
    this.stationsDay = null;
  }

  roads() {
    const lines = this.scene.roads.map(([a, b]) => new ol.Feature(new ol.geom.LineString([this.points[a], this.points[b]])));
    const style = new ol.style.Style({ stroke: new ol.style.Stroke({ color: "#b9c2ca", width: 1 }) });
    return new ol.layer.Vector({ source: new ol.source.Vector({ features: lines }), style });
  }

  names() {
    const { places } = this.scene;
    const points = this.points.map((point, i) => {
      const feature = new ol.Feature(new ol.geom.Point(point));
      feature.set("row", i);
      feature.set("town", TIERS[places.tier[i]]);
      return feature;
    });
    const style = (feature, resolution) => {
      const rank = feature.get("town");
      if (!rank && resolution > 40) return null;
      const font = `${rank ? "600 13px" : "11px"} Guantong, sans-serif`;
      const label = new ol.style.Text({
        text: named(places, feature.get("row")), font, offsetY: -13, fill: new ol.style.Fill({ color: "#1f2933" }),
        stroke: new ol.style.Stroke({ color: "#ffffff", width: 3 }),
      });
      return new ol.style.Style({ text: label, zIndex: rank });
    };
    this.labels = new ol.layer.Vector({ source: new ol.source.Vector({ features: points }), style, declutter: true });
    return this.labels;
  }

  language() {
    this.labels.changed();
  }

  framed(state) {
    if (!state) return;
    this.transform = state.coordinateToPixelTransform.slice();
    const [w, h] = state.size, ratio = window.devicePixelRatio || 1;
    for (const canvas of [this.still, this.canvas]) {
      if (canvas.width === Math.round(w * ratio) && canvas.height === Math.round(h * ratio)) continue;
      canvas.width = Math.round(w * ratio);
      canvas.height = Math.round(h * ratio);
      canvas.style.width = `${w}px`;
      canvas.style.height = `${h}px`;
    }
    this.size = [w, h];
    if (!this.view.shown && w > 100) {
      this.view.shown = true;
      this.view.home([w, h]);
    }
    this.spots = new Float32Array(2 * this.points.length);
    this.points.forEach((point, i) => this.spots.set(this.pixel(point), 2 * i));
    this.look.scale = Math.min(Math.max(0.72, Math.sqrt(60 / this.view.getResolution())), 1.5);
    this.drawn = "";
    if (this.moment) this.show(this.moment.t);
  }

  pixel([x, y]) {
    const m = this.transform;
    return [m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]];
  }

  // Draw the moment t and keep what was drawn.
  show(t) {
    const day = Math.floor(t / 86400);
    if (day !== this.stationsDay) this.open(day);
    this.moment = { t, vehicles: this.track.at(t), waits: this.track.waiting(t), events: this.track.events(t) };
    const followed = this.followed >= 0 ? this.moment.vehicles.find((one) => one.vehicle === this.followed) : null;
    // Where both maps have it, the first leads: on one view two would pull at it without end.
    if (followed && this.hooks.leads()) this.view.setCenter(this.plane.to(followed.lon, followed.lat));
    if (!this.transform) return;
    const ratio = window.devicePixelRatio || 1, dark = Math.round(night(t) * 50) / 50, wanted = `${this.moment.waits.step} ${day} ${dark > 0.2}`;
    const [still, moving] = [this.still, this.canvas].map((canvas) => canvas.getContext("2d"));
    if (dark !== this.dark) this.still.style.backgroundColor = `rgba(20, 30, 70, ${(this.dark = dark)})`;
    if (wanted !== this.drawn) {
      this.drawn = wanted;
      still.setTransform(ratio, 0, 0, ratio, 0, 0);
      drawStill(still, this.size, this.spots, this.moment.waits, dark, this.look);
    }
    moving.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.look.followed = this.followed;
    drawMoving(moving, this.size, this.spots, (lon, lat) => this.pixel(this.plane.to(lon, lat)), this.moment, this.look);
  }

  open(day) {
    this.stationsDay = day;
    this.look.stations.fill(0);
    for (const [row, , begins, ends] of this.scene.stations) if (begins <= day && (ends === null || day < ends)) this.look.stations[row] = 1;
  }

  nearest([x, y]) {
    const near = { place: -1, vehicle: -1 };
    let best = 12;
    for (const one of this.moment ? this.moment.vehicles : []) {
      const [px, py] = this.pixel(this.plane.to(one.lon, one.lat)), away = Math.hypot(px - x, py - y);
      if (away < best) [best, near.vehicle] = [away, one.vehicle];
    }
    best = 16;
    this.points.forEach((point, i) => {
      const [px, py] = this.pixel(point), away = Math.hypot(px - x, py - y) - (this.look.tiers[i] ? 3 : 0);
      if (away < best) [best, near.place] = [away, i];
    });
    return near;
  }

  end() {
    this.map.setTarget(null);
    this.map.dispose();
    this.still.remove();
    this.canvas.remove();
  }
}
