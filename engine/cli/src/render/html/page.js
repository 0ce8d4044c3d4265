
"use strict";
(() => {
  const find = (id) => document.getElementById(id);
  const bar = find("filters");
  if (!bar) return;
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const numbers = (element, name) => (element.dataset[name] || "").split(" ").filter(Boolean);
  const chosen = (id) => (find(id) ? find(id).value : "");

  const cards = all(".card").map((element) => ({
    element,
    kind: element.dataset.kind,
    side: element.dataset.side || "",
    units: new Set(numbers(element, "units")),
    tags: new Set(numbers(element, "tags")),
    text: element.textContent.toLowerCase(),
  }));
  const nodes = all("#map .node").map((element) => ({
    element,
    units: new Set(numbers(element, "units")),
    tags: new Set(numbers(element, "tags")),
    cards: numbers(element, "cards").map(Number),
  }));
  const folds = all("#map details").map((element) => ({ element, open: element.open }));
  const noun = (count) => (count === 1 ? "change" : "changes");

  const apply = () => {
    const unit = chosen("unit"), tag = chosen("tag"), kind = chosen("kind"), side = chosen("side");
    const words = chosen("text").toLowerCase().split(/\s+/).filter(Boolean);
    const filtered = Boolean(unit || tag || kind || side || words.length);
    const byCard = Boolean(kind || side || words.length);
    let shown = 0;
    for (const card of cards) {
      const fits = (!unit || card.units.has(unit)) && (!tag || card.tags.has(tag)) && (!kind || card.kind === kind)
        && (!side || card.side === side) && words.every((word) => card.text.includes(word));
      card.element.hidden = !fits;
      if (fits) shown += 1;
    }
    const kept = new Set();
    for (const node of nodes) {
      const fits = (!unit || node.units.has(unit)) && (!tag || node.tags.has(tag))
        && (!byCard || node.cards.some((at) => cards[at] && !cards[at].element.hidden));
      if (!fits) continue;
      for (let at = node.element; at && at.id !== "map"; at = at.parentElement) kept.add(at);
    }
    for (const node of nodes) node.element.hidden = !kept.has(node.element);
    for (const rest of all("#map .rest")) rest.hidden = !kept.has(rest);
    for (const fold of folds) fold.element.open = filtered ? kept.has(fold.element) : fold.open;
    document.querySelector("#changes .none").hidden = shown > 0;
    find("shown").textContent = filtered ? `${shown} of ${cards.length} ${noun(cards.length)}` : `${cards.length} ${noun(cards.length)}`;
    find("reset").disabled = !filtered;
  };

  const reset = () => {
    for (const id of ["unit", "tag", "kind", "side", "text"]) if (find(id)) find(id).value = "";
    apply();
  };
  bar.addEventListener("input", apply);
  find("reset").addEventListener("click", reset);
  // A link to a card that a filter hides shows everything again.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#c']");
    const card = link && find(link.getAttribute("href").slice(1));
    if (card && card.hidden) reset();
  });
  bar.hidden = false;
  apply();
})();
