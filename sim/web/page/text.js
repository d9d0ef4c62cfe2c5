// Texts, numbers and dates in the language that is chosen; both languages are here, so that a switch needs no request.
const state = { lang: "zh", texts: { zh: {}, en: {} } };

export function setTexts(texts) {
  state.texts = texts;
}

export function setLang(lang) {
  state.lang = lang;
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
}

export const lang = () => state.lang;

export function t(key, values = {}) {
  const found = state.texts[state.lang][`web.${key}`];
  if (found === undefined) throw new Error(`no text ${key}`);
  return found.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export function group(kind, value) {
  const found = state.texts[state.lang][`group.${kind}.${value}`];
  return found === undefined ? value : found;
}

export const inBoth = (key) => ({ zh: state.texts.zh[`web.${key}`], en: state.texts.en[`web.${key}`] });
export const both = (words) => (words ? words[state.lang] : "");
export const place = (places, row) => places[state.lang][row];

const locale = () => (state.lang === "zh" ? "zh-CN" : "en-GB");

const known = new Map();

// A formatter is dear to make, and some are asked for in every frame.
function format(kind, options) {
  const key = `${locale()} ${JSON.stringify(options)}`;
  if (!known.has(key)) known.set(key, new Intl[kind](locale(), options));
  return known.get(key);
}

export const number = (value, digits = 0) => format("NumberFormat", { maximumFractionDigits: digits }).format(value);

const moment = (start, seconds) => new Date(Date.parse(`${start}T00:00:00Z`) + Math.floor(seconds) * 1000);

export function day(start, seconds, year = false) {
  const options = { ...(year && { year: "numeric" }), month: state.lang === "zh" ? "long" : "short", day: "numeric", weekday: "short", timeZone: "UTC" };
  return format("DateTimeFormat", options).format(moment(start, seconds));
}

// When something was made, in this machine's time.
export const made = (seconds) => format("DateTimeFormat", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" }).format(new Date(1000 * seconds));

export function hour(seconds) {
  const s = ((Math.floor(seconds) % 86400) + 86400) % 86400;
  return `${String(Math.floor(s / 3600)).padStart(2, "0")}:${String(Math.floor((s % 3600) / 60)).padStart(2, "0")}`;
}
