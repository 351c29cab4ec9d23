// What the section of a unit does: two of its reports are compared, and who reads one is led to its neighbours.
const figuresOf = (row) => {
  const figures = new Map();
  for (const cell of [...row.cells].filter((each) => each.dataset.label)) {
    const [first, second] = [cell.firstChild, cell.querySelector("small")].map((part) => part?.textContent.trim()), name = cell.dataset.label;
    if (!first) continue;
    figures.set(first.endsWith("%") ? `${name}: tỷ lệ` : `${name}: triệu đồng`, first);
    if (second) figures.set(second.endsWith(" hộ") ? `${name}: số hộ` : `${name}: triệu đồng`, second.replace(" hộ", ""));
  }
  return figures;
};
const difference = (before, after) => {
  const by = number(after) - number(before), digits = after.endsWith("%") ? 2 : 0;
  return isNaN(by) ? "…" : by.toLocaleString("vi-VN", { signDisplay: "exceptZero", minimumFractionDigits: digits, maximumFractionDigits: digits || 3 });
};
const called = (row) => `${row.cells[0].firstChild.textContent.trim()}, ${row.closest("details").querySelector("summary").firstChild.textContent.match(/\d+/)[0]}`;
const compared = (before, after) => {
  const [then, now] = [figuresOf(before), figuresOf(after)], cell = (tag, text) => made(tag, {}, text);
  const rows = [...now].filter(([name]) => then.has(name)).map(([name, value]) =>
    made("tr", {}, made("th", { scope: "row" }, name), ...[then.get(name), value, difference(then.get(name), value)].map((text) => cell("td", text))));
  const head = ["Số liệu", called(before), called(after), "Tăng (+), giảm (-)"].map((text) => made("th", { scope: "col" }, text));
  return made("table", {}, made("thead", {}, made("tr", {}, ...head)), made("tbody", {}, ...rows));
};
for (const section of document.querySelectorAll("section.unit")) {
  const rows = [...section.querySelectorAll("tbody tr")];
  if (rows.length < 2) continue;
  const button = made("button", { type: "button" }, "So sánh hai kỳ"), part = made("div", { className: "compare" }, button);
  button.addEventListener("click", () => {
    const choice = (label, chosen) => {
      const select = made("select", { ariaLabel: label }, ...rows.map((row, place) => made("option", { value: place }, called(row))));
      select.value = chosen;
      return select;
    };
    const before = choice("Kỳ trước", 1), after = choice("Kỳ sau", 0), told = made("div", { className: "wide", role: "status" });
    const show = () => told.replaceChildren(compared(rows[before.value], rows[after.value]));
    part.replaceChildren(made("p", {}, "So ", after, " với ", before), told);
    part.addEventListener("change", show);
    show();
    after.focus();
  });
  section.append(part);
}

// The page of a report leads here by "#unit/folder/truoc" or "#unit/folder/sau": it does not know which others there are.
const lead = () => {
  const [unit, folder, way] = location.hash.slice(1).split("/").map(decodeURIComponent);
  if (!way) return;
  const alike = (name) => name.replaceAll(/\d/g, "0"), links = new Map();
  for (const link of document.querySelectorAll('.links a[href$="/report.html"]')) {
    const [of, name] = link.getAttribute("href").split("/").slice(-3).map(decodeURIComponent);
    if (of === unit && alike(name) === alike(folder)) links.set(name, link.href);
  }
  const names = [...links.keys()].sort();
  const found = way === "truoc" ? names.findLast((name) => name < folder) : names.find((name) => name > folder);
  const page = [...document.querySelectorAll(".overview a")].find((link) => link.pathname.endsWith(`/${encodeURIComponent(unit)}.html`));
  const section = document.getElementById(`unit-${encodeURIComponent(unit)}`);
  if (found) location.replace(links.get(found));
  else if (page) location.replace(page.href + location.hash);
  else if (section) {
    section.hidden = false;
    const none = `Danh mục này không có báo cáo ${way === "truoc" ? "trước" : "sau"} kỳ vừa xem.`;
    section.querySelector("h1, h2").after(made("p", { className: "state", role: "status" }, none));
    section.scrollIntoView();
  }
};
addEventListener("hashchange", lead);
addEventListener("DOMContentLoaded", lead);
