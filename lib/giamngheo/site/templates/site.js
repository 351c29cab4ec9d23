// Finds units by name: every word typed must be in the unit's, whatever its marks and capitals; by what they have and
// what they lack. Sorts them by a column of their figures.
const form = document.querySelector("form"), input = form.querySelector("input"), period = form.querySelector("#period");
const said = form.querySelector("[role=status]"), choices = [...form.querySelectorAll("[data-by]")];
const overview = document.querySelector(".overview"), who = document.querySelector(".who");
const rowsOf = (part) => [...(part?.querySelectorAll("tbody tr") ?? [])];
const signs = rowsOf(who), sections = document.querySelectorAll("section.unit");
const dots = new Map([...document.querySelectorAll("[data-href]")].map((dot) => [dot.dataset.href, dot]));
for (const [href, dot] of dots) dot.addEventListener("click", () => location.assign(href));
const units = rowsOf(overview).map((row, place) => {
  const shown = [row, signs[place], sections[place]].filter(Boolean);
  const has = signs[place] ? [...signs[place].cells].slice(1).map((cell) => cell.textContent !== "") : [];
  return { shown, has, dot: dots.get(row.querySelector("a").getAttribute("href")), search: row.dataset.search, facts: row.dataset };
});
const isWanted = (unit, words, chosen, [isThere, ...column]) =>
  words.every((word) => unit.search.includes(word)) &&
  chosen.every(([by, value]) => (unit.facts[by] ?? "").split(" ").includes(value)) &&
  (!isThere || unit.has[column.join("")] === (isThere === "1"));
// A browser lays out some dozen rows of both tables at once as one types, not thousands; a province is shown whole.
let order = [...units], most = units.length > 150 ? 50 : 150, later;
const everything = made("button", { type: "button", className: "all", hidden: true }, "Hiện tất cả");
said.after(everything);
const find = () => {
  const words = bare(input.value).split(/\s+/).filter(Boolean), when = period?.value ?? "";
  const chosen = choices.filter((choice) => choice.value).map((choice) => [choice.dataset.by, choice.value]);
  let count = 0;
  for (const unit of order) {
    unit.isFound = isWanted(unit, words, chosen, when);
    const hidden = !unit.isFound || ++count > most;
    if (unit.shown[0].hidden !== hidden) for (const part of unit.shown) part.hidden = hidden;
  }
  clearTimeout(later);
  later = setTimeout(showDots, 200);  // when the typing rests
  for (const part of [overview, who]) if (part) part.hidden = count === 0;
  everything.hidden = count <= most;
  said.textContent = count === 0 ? "Không có đơn vị nào khớp." : count > most ? `Hiện ${most} đơn vị đầu trong ${count}.` :
    words.length + chosen.length || when ? `Hiện ${count} trong ${units.length} đơn vị.` : "";
};
const showDots = () => units.forEach(({ dot, isFound }) => dot?.toggleAttribute("hidden", !isFound));
const showAll = () => { most = Infinity; find(); };
const sortBy = (cell, column) => {
  const was = cell.getAttribute("aria-sort"), way = was === "ascending" ? "descending" : was ? "" : "ascending";
  for (const other of cell.parentNode.cells) other.removeAttribute("aria-sort");
  if (way) cell.setAttribute("aria-sort", way);
  const by = ordering(column, way === "ascending" ? 1 : -1, !cell.matches(":first-child, .text"));
  order = way ? units.toSorted((one, other) => by(one.shown[0], other.shown[0])) : [...units];
  for (const each of [0, 1]) {
    const rows = order.map((unit) => unit.shown[each]).filter((part) => part?.matches("tr"));
    rows[0]?.parentNode.append(...rows);
  }
  find();
};
if (overview)
  [...overview.querySelectorAll("thead th")].forEach((cell, column) => {
    const button = made("button", { type: "button", title: "Xếp theo cột này" }, ...cell.childNodes);
    button.addEventListener("click", () => sortBy(cell, column));
    cell.append(button);
  });
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", find);
everything.addEventListener("click", () => { showAll(); input.focus(); });
addEventListener("beforeprint", showAll);
form.hidden = units.length < 2;
find();
