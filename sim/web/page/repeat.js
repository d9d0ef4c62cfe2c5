// How to get the same numbers again: the scenario as YAML, the command, the Python, a link.
import { html, useRef, useState } from "../vendor/preact.js";
import { save } from "./figure.js";
import * as net from "./net.js";
import { lang, t } from "./text.js";

export function Repeat({ drafts, checked, study, stale, n, put, link, limit, setTab }) {
  const [copied, copy] = useState(""), [wrong, tell] = useState(null);
  const file = useRef(null);
  const yaml = checked ? checked.yaml : null;
  const command = study ? study.told.command : "";
  const files = command.split(" --")[0].split(" ").slice(2).map((file) => JSON.stringify(file));
  const compared = files.length > 1 ? `[${files.join(", ")}]` : files[0];
  const python = files.length && study ? `import sim\n\nstudy = sim.compare(${compared}, replications=${study.told.seeds.length}, seed=${study.told.seeds[0]})\nprint(study.differences())\n` : "";
  const take = (name, text) => navigator.clipboard.writeText(text).then(() => copy(name), () => copy(""));
  const block = (name, text) => html`
    <section><h3>${t(`repeat_${name}`)}</h3>
      ${text ? html`<pre tabindex="0" data-repeat=${name} translate=${false}>${text}</pre><p class="take"><button onClick=${() => take(name, text)}>${t("copy")}</button>${copied === name ? html` <span role="status">${t("copied")}</span>` : ""}
      ${name === "yaml" && html`<button data-save onClick=${() => save(`${drafts.b.name}.yaml`, text, "text/yaml")}>${t("save_yaml")}</button>`}</p>` : html`<p>${t(name === "yaml" ? "yaml_faulty" : "run_first")}</p>`}
    </section>`;
  const upload = async (event) => {
    const chosen = event.target.files[0];
    if (!chosen) return;
    try {
      if (chosen.size > limit) throw new net.Refused(413, {});
      const draft = await net.post("/api/read", { text: await chosen.text() });
      tell(null);
      put({ name: chosen.name.replace(/\.ya?ml$/, "").replace(/[^\w-]/g, "-"), ...draft });
      setTab("watch");
    } catch (error) {
      tell(error.faults || []);
    }
    file.current.value = "";
  };
  return html`
    <section class="repeat" aria-label=${t("tab_repeat")}>
      <h2>${t("repeat_title")}</h2><p>${t("repeat_about", { n })}</p>
      ${block("yaml", yaml)}
      <section><h3>${t("load_yaml")}</h3><label class="button file">${t("choose_file")}<input type="file" accept=".yaml,.yml" ref=${file} aria-label=${t("load_yaml")} onChange=${upload} /></label>${wrong ? html`<div class="faults" role="alert"><p>${t("unreadable")}</p><ul>${wrong.map((fault) => html`<li><pre>${fault[lang()]}</pre></li>`)}</ul></div>` : ""}</section>
      ${stale && html`<p class="stale" role="note">${t("stale")}</p>`}
      ${block("command", command)}
      ${block("python", python)}
      ${block("link", link())}
    </section>`;
}
