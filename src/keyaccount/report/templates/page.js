"use strict";
(() => {
  const said = document.getElementById("said");
  const value = (row, place) => {
    const cell = row.cells[place];
    return "v" in cell.dataset ? (cell.dataset.v === "" ? null : Number(cell.dataset.v)) : cell.textContent.trim();
  };
  const compare = (a, b) => {
    if (a === null || b === null) return (a === null) - (b === null);
    return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), document.documentElement.lang);
  };
  const sort = (table, heads, place) => {
    const head = heads[place];
    const numbers = head.classList.contains("n");
    const falling = head.hasAttribute("aria-sort") ? head.getAttribute("aria-sort") === "ascending" : numbers;
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => [value(row, place), row]);
    rows.sort(([a], [b]) => (a === null || b === null ? compare(a, b) : falling ? compare(b, a) : compare(a, b)));
    body.append(...rows.map(([, row]) => row));
    if (table.dataset.first) showFirst(table);
    heads.forEach((h) => h.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", falling ? "descending" : "ascending");
    said.textContent = (falling ? said.dataset.falling : said.dataset.rising) + " " + head.textContent.trim();
  };
  // Of a long table the first rows are shown until somebody asks for all or looks for one; no more are printed.
  const showFirst = (table) => {
    [...table.tBodies[0].rows].forEach((row, i) => { row.hidden = i >= Number(table.dataset.first); });
  };
  const showAll = (table) => {
    delete table.dataset.first;
    for (const row of table.tBodies[0].rows) row.hidden = false;
    for (const part of [table.more, table.rest]) if (part) part.remove();
  };
  for (const table of document.querySelectorAll("table[data-first]")) {
    const rows = table.tBodies[0].rows;
    if (rows.length <= Number(table.dataset.first) + 5) { delete table.dataset.first; continue; }
    showFirst(table);
    table.more = document.createElement("button");
    table.more.type = "button";
    table.more.className = "more";
    table.more.textContent = said.dataset.all + " (" + rows.length + ")";
    table.more.addEventListener("click", () => {
      const next = rows[Number(table.dataset.first)];
      showAll(table);
      next.tabIndex = -1;
      next.focus();
    });
    table.rest = document.createElement("p");
    table.rest.className = "quiet printed";
    table.rest.textContent = said.dataset.rest + " " + table.dataset.first + " / " + rows.length;
    table.parentElement.after(table.more, table.rest);
  }
  for (const table of document.querySelectorAll("table.sorts")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, place) => {
      if (head.classList.contains("still")) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sort(table, heads, place));
    });
  }
  for (const label of document.querySelectorAll("label.find")) {
    const input = label.querySelector("input");
    const table = document.getElementById(input.getAttribute("aria-controls"));
    label.hidden = false;
    input.addEventListener("input", () => {
      showAll(table);
      const wanted = input.value.trim().toLocaleLowerCase();
      let shown = 0;
      for (const row of table.tBodies[0].rows) {
        row.hidden = !row.textContent.toLocaleLowerCase().includes(wanted);
        shown += row.hidden ? 0 : 1;
      }
      said.textContent = said.dataset.found + " " + shown;
    });
  }
  const reveal = () => {
    const row = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (row && row.hidden) {
      showAll(row.closest("table"));
      row.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);
  reveal();
})();
