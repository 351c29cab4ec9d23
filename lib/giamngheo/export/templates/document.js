// Helps a reader at a screen: contents that follow, tables that sort, filter and give themselves as CSV. All that the
// report says is there without it, and as it was printed whenever it is printed.
const said = made("p", { className: "aside", role: "status" });
document.body.append(said);

// Rows as they may change places: a total stays where it is, and a row takes along the parts that are set in below it.
const isTotal = (row) => row.matches(".total") && !row.querySelector(".code")?.textContent.trim();
const runs = (rows) => {
  const found = [[]];
  for (const row of rows) {
    const run = found.at(-1);
    if (isTotal(row)) found.push([[row]], []);
    else if (row.querySelector(".indented") && run.length) run.at(-1).push(row);
    else run.push([row]);
  }
  return found.filter((run) => run.length);
};
const isFigure = (cell) => cell.matches("td:not([class])");
const sorted = (rows, column, way) => {
  const by = ordering(column, way, isFigure(rows[0].cells[column]));
  const blocks = runs(rows).flatMap((run) => run.sort(([one], [other]) => by(one, other)));
  return blocks.flatMap(([head, ...parts]) => [head, ...parts.sort(by)]);
};

// The heading cell at the foot of each column, and the words above and in it.
const headings = (table) => {
  const columns = [];
  [...table.tHead.rows].forEach((row, level) => {
    let column = 0;
    for (const cell of row.cells) {
      while (columns[column]?.until > level) column += 1;
      for (let each = 0; each < cell.colSpan; each += 1, column += 1) {
        const above = columns[column]?.words ?? [];
        columns[column] = { cell, words: [...above, cell.textContent.trim()], until: level + cell.rowSpan };
      }
    }
  });
  return columns;
};

const csv = (table) => {
  const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
  const text = (words) => quoted(/^[=+@\t\r-]./.test(words) ? `'${words}` : words);
  const value = (cell) => {
    const words = cell.textContent.trim();
    return isFigure(cell) && isNumber(words) ? quoted(written(words)) : text(words);
  };
  const head = headings(table).map((column) => text([...new Set(column.words)].join(" – ")));
  return [head, ...table.rowsAsTyped.map((row) => [...row.cells].map(value))].map((row) => row.join(";") + "\r\n").join("");
};
const saved = (name, text) => {
  const address = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
  made("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
};

const tables = [...document.querySelectorAll("table.data")].filter((table) => table.tHead && table.tBodies[0]);
const asTyped = (table) => {
  table.tBodies[0].append(...table.rowsAsTyped);
  for (const row of table.rowsAsTyped) row.hidden = false;
  for (const cell of table.tHead.querySelectorAll("[aria-sort]")) cell.removeAttribute("aria-sort");
  if (table.filter) table.filter.value = "";
};
const sortBy = (table, cell, column) => {
  const was = cell.getAttribute("aria-sort");
  const filter = table.filter?.value;
  asTyped(table);
  if (was !== "descending") {
    cell.setAttribute("aria-sort", was ? "descending" : "ascending");
    table.tBodies[0].append(...sorted(table.rowsAsTyped, column, was ? -1 : 1));
  }
  if (filter) filterBy(table, filter);
};
const filterBy = (table, typed) => {
  const wanted = bare(typed).split(/\s+/).filter(Boolean);
  for (const row of table.rowsAsTyped) row.hidden = !wanted.every((word) => bare(row.textContent).includes(word));
  const shown = table.rowsAsTyped.filter((row) => !row.hidden).length;
  table.filter.value = typed;
  said.textContent = table.state.textContent = wanted.length ? `Hiện ${shown} trong ${table.rowsAsTyped.length} dòng.` : "";
};

for (const table of tables) {
  const rows = (table.rowsAsTyped = [...table.tBodies[0].rows]), columns = headings(table);
  if (rows.some((row) => row.cells.length !== columns.length)) continue;
  const caption = table.caption?.textContent.trim() ?? "Bảng", tools = made("p", { className: "tools" });
  if (runs(rows).some((run) => run.length > 1))
    columns.forEach(({ cell }, column) => {
      if (cell.colSpan > 1) return;
      const button = made("button", { type: "button", title: "Xếp theo cột này" }, ...cell.childNodes);
      button.addEventListener("click", () => sortBy(table, cell, column));
      cell.append(button);
    });
  if (rows.length > 9) {
    table.filter = made("input", { type: "search", autocomplete: "off", spellcheck: false });
    table.filter.addEventListener("input", () => filterBy(table, table.filter.value));
    table.state = made("span", {});
    tools.append(made("label", {}, "Lọc dòng ", table.filter), table.state);
  }
  const give = made("button", { type: "button", ariaLabel: `Tải CSV: ${caption}` }, "Tải CSV");
  const name = bare(caption).replace(/[^a-z0-9]+/g, "-").slice(0, 60).replace(/^-|-$/g, "");
  give.addEventListener("click", () => saved(`${name || "bang"}.csv`, csv(table)));
  tools.append(give);
  table.closest(".wide").after(tools);
}
addEventListener("beforeprint", () => tables.forEach(asTyped));

// Where a figure comes from: of one in the text what the cells say that it leads to, with the words that name them.
const named = (cell) => {
  const table = cell.closest("table"), words = headings(table)[cell.cellIndex].words;
  const row = cell.parentNode.querySelector("th")?.textContent.trim();
  return [table.caption?.textContent.trim().split(/[.:]/)[0], row, [...new Set(words)].join(" – ")].filter(Boolean).join(", ");
};
{
  const figures = [...document.querySelectorAll(".from")], told = [...document.querySelectorAll("[data-from]")];
  for (const figure of figures) {
    const cells = (figure.hash ? [figure.hash.slice(1)] : figure.dataset.cells.split(" ")).map((id) => document.getElementById(id));
    figure.dataset.from = cells.filter(Boolean).map((cell) => `${named(cell)}: ${cell.dataset.from ?? cell.parentNode.lastElementChild.textContent}`).join("\n");
  }
  const withKeys = (on) => {
    for (const each of [...figures, ...told]) {
      each.tabIndex = on ? 0 : -1;
      if (on) each.setAttribute("aria-description", each.dataset.from);
    }
  };
  withKeys(false);
  if (told.length) {
    const button = made("button", { type: "button", ariaPressed: "false" }, "Nguồn số liệu bằng phím Tab");
    button.addEventListener("click", () => {
      const on = button.ariaPressed === "false";
      button.ariaPressed = String(on);
      withKeys(on);
      said.textContent = on ? "Phím Tab đi qua từng số, cuối màn hình là nguồn của số." : "";
    });
    (document.querySelector(".contents details") ?? document.querySelector("main")).append(made("p", { className: "keys" }, button));
  }
}

const contents = document.querySelector(".contents details");
if (contents) {
  const aside = matchMedia("(width > 84rem)"), links = [...contents.querySelectorAll("ol a")];
  const places = links.map((link) => document.querySelector(link.hash)), here = contents.querySelector("summary span");
  const follow = () => {
    const passed = places.findLastIndex((place) => place.getBoundingClientRect().top < innerHeight / 3);
    links.forEach((link, each) => link.setAttribute("aria-current", each === passed));
    here.textContent = links[passed]?.textContent ?? "";
  };
  const fit = () => (contents.open = aside.matches);
  addEventListener("scroll", () => requestAnimationFrame(follow), { passive: true });
  aside.addEventListener("change", fit);
  contents.addEventListener("click", (event) => { if (event.target.closest("a")) fit(); });
  contents.addEventListener("keydown", (event) => { if (event.key === "Escape") fit(); });
  fit();
  follow();
}

// Where the file lies among its outputs the list of reports is two folders up, and knows which others there are.
const lies = location.pathname.match(/([^/]+\/20\d\d[^/]*)\/report\.html$/);
if (lies) {
  const list = "../../index.html", to = (href, text) => made("a", { href }, text);
  const ways = [to(`${list}#${lies[1]}/truoc`, "Kỳ trước"), to(list, "Danh mục báo cáo"), to(`${list}#${lies[1]}/sau`, "Kỳ sau")];
  const around = made("nav", { className: "around", ariaLabel: "Báo cáo khác" }, ...ways);
  document.querySelector("main").before(around);
}
