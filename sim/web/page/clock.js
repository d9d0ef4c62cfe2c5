// One clock for all maps: seconds since 00:00 of the run's first day.
export class Clock {
  constructor() {
    Object.assign(this, { t: 6 * 3600, least: 0, most: 86400, speed: 1800, playing: false, watchers: new Set() });
    this.before = null;
    this.tick = this.tick.bind(this);
  }

  watch(watcher) {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  tell() {
    for (const watcher of this.watchers) watcher(this.t);
  }

  span(least, most) {
    this.least = least;
    this.most = most;
    this.set(this.t);
  }

  set(t) {
    this.t = Math.min(Math.max(t, this.least), this.most);
    this.tell();
  }

  play(on) {
    if (on && this.t >= this.most) this.t = this.least;
    const starts = on && !this.playing;
    this.playing = on;
    this.before = null;
    if (starts) requestAnimationFrame(this.tick);
    this.tell();
  }

  tick(now) {
    if (!this.playing) return;
    const passed = this.before === null ? 0 : Math.min(now - this.before, 100);
    this.before = now;
    this.t = Math.min(this.t + (passed / 1000) * this.speed, this.most);
    if (this.t >= this.most) this.playing = false;
    this.tell();
    requestAnimationFrame(this.tick);
  }
}
