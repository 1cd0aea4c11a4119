// What is measured inside the page; proof/screens/standards.py tells what it means. Runs before the page's own scripts.
window.standards = (() => {
  const text = (e) => (e ? e.innerText || "" : "");
  const visible = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;

  /** Parts that end to the right of the window and lie in nothing that scrolls by itself. */
  function overflow() {
    const width = document.documentElement.clientWidth;
    const frame = 'html, body, [data-testid="stApp"], [data-testid="stAppViewContainer"], [data-testid="stMain"]';
    const scrolls = (e) => {
      for (let p = e.parentElement; p && !p.matches(frame); p = p.parentElement) {
        const cut = ["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(p).overflowX);
        if (cut && p.getBoundingClientRect().right <= width + 1) return true;
      }
      return false;
    };
    const found = [];
    for (const e of document.querySelectorAll(frame)) {
      if (e.scrollWidth > e.clientWidth + 1) {
        found.push(`${e.dataset.testid || e.tagName.toLowerCase()} is ${e.scrollWidth} wide, the window ${width}`);
      }
    }
    for (const e of document.querySelectorAll('[data-testid="stMain"] *')) {
      const box = e.getBoundingClientRect();
      const shown = box.width > 0 && box.height > 0 && getComputedStyle(e).visibility !== "hidden";
      if (shown && box.right > width + 1 && !scrolls(e)) {
        found.push(`${e.tagName.toLowerCase()} "${text(e).slice(0, 40)}" ends at ${Math.round(box.right)} of ${width}`);
      }
    }
    return found.slice(0, 8);
  }

  const USABLE =
    'a[href], button, input, select, textarea, summary, [role="slider"], [role="tab"], [tabindex="0"]';

  /** What can be used: visible, not switched off; of a group of radio buttons one, because arrows do the rest. */
  function usable() {
    const groups = new Set();
    return [...document.querySelectorAll(USABLE)].filter((e) => {
      const style = getComputedStyle(e);
      const off = e.disabled || e.closest('[aria-hidden="true"], [inert], [hidden]');
      if (off || e.tabIndex < 0 || style.visibility === "hidden" || !visible(e.closest("label") || e)) return false;
      if (e.type === "radio" || e.getAttribute("role") === "radio") {
        const group = e.name || e.closest('[role="radiogroup"]');
        if (groups.has(group)) return false;
        groups.add(group);
      }
      return true;
    });
  }

  function name(e) {
    const by = (e.getAttribute("aria-labelledby") || "").split(" ").map((id) => text(document.getElementById(id)));
    const said = [e.getAttribute("aria-label"), by.join(" "), text(e), text(e.closest("label")), text(e.labels?.[0])];
    const found = said.map((s) => (s || "").trim()).find((s) => s) || e.getAttribute("title") || e.tagName;
    return found.replace(/\s+/g, " ").slice(0, 90);
  }

  const look = (e) => {
    const s = getComputedStyle(e);
    return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor, s.backgroundColor].join("|");
  };
  let been = new Set();
  let before = new Map();

  /** Remember how everything looks without focus, itself and what is around it. */
  function begin() {
    been = new Set();
    before = new Map();
    document.activeElement?.blur();
    // What fades in would be looked at before it is there.
    const still = document.head.appendChild(document.createElement("style"));
    still.textContent = "* { transition: none !important; animation: none !important; }";
    getSelection().removeAllRanges();
    for (const e of usable()) {
      const around = [e, e.closest("label"), e.nextElementSibling, e.previousElementSibling].filter(Boolean);
      for (let p = e.parentElement, i = 0; p && i < 5; p = p.parentElement, i++) around.push(p);
      before.set(e, around.map((x) => [x, look(x)]));
    }
  }

  /** Where the focus is now: its name, whether it was here before, whether it can be seen. */
  function stop() {
    const e = document.activeElement;
    if (!e || e === document.body || e === document.documentElement) return ["", false, true];
    const again = been.has(e);
    been.add(e);
    if (e.type === "radio") document.getElementsByName(e.name).forEach((r) => been.add(r));
    const outlined = [e, ...e.querySelectorAll("*")].some((x) => getComputedStyle(x).outlineStyle !== "none");
    const then = before.get(e);
    return [name(e), again, !then || outlined || then.some(([x, was]) => look(x) !== was)];
  }

  const missed = () => usable().filter((e) => document.contains(e) && !been.has(e)).map(name);

  /** Every text and label, seen or read aloud. */
  function said() {
    const labels = ["aria-label", "title", "placeholder", "alt"];
    const of = (e) => [...labels.map((l) => e.getAttribute(l)), e.children.length ? "" : e.textContent];
    const all = [...document.querySelectorAll("body *")].filter((e) => !e.matches("script, style")).flatMap(of);
    return all.map((t) => (t || "").trim()).filter((t) => t && t.length < 80);
  }

  /** Why the page is not done yet; "" when it is. */
  function busy(stop) {
    const app = document.querySelector('[data-testid="stApp"]');
    if (!app || app.dataset.testScriptState !== "notRunning") return "runs";
    if (app.dataset.testConnectionState !== "CONNECTED") return "connects";
    if (!document.querySelector("h1")) return "is empty";
    if (document.querySelector('[data-testid="stSkeleton"], [data-testid="stSpinner"]')) return "waits";
    if ([...document.querySelectorAll("button")].some((b) => visible(b) && stop.includes(text(b).trim()))) return "calculates";
    const charts = [...document.querySelectorAll('[data-testid="stPlotlyChart"]')].filter(visible);
    return charts.some((c) => !c.querySelector(".main-svg")) ? "draws" : "";
  }

  return { overflow, begin, stop, missed, said, busy };
})();
