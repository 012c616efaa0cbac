"use strict";
(() => {
  const said = document.getElementById("said");
  const value = (row, place) => {
    const cell = row.cells[place];
    if ("v" in cell.dataset) return cell.dataset.v === "" ? null : Number(cell.dataset.v);
    const text = cell.textContent.trim();
    return text === "–" || text === "" ? null : text;
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
  // A link to a row that is not shown, because the table is long or something is looked for.
  const reveal = (hash) => {
    const row = hash.length > 1 && document.getElementById(hash.slice(1));
    if (!row || !row.hidden) return;
    const table = row.closest("table");
    for (const input of document.querySelectorAll(`input[aria-controls="${table.id}"]`)) input.value = "";
    showAll(table);
    row.scrollIntoView();
  };
  for (const link of document.querySelectorAll('a[href^="#"]')) {
    link.addEventListener("click", () => reveal(link.hash));
  }
  addEventListener("hashchange", () => reveal(location.hash));
  reveal(location.hash);
  // Rows that are laid out as cards on a narrow screen are a table all the same.
  const roles = { THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell" };
  for (const table of document.querySelectorAll("table.rows")) {
    table.setAttribute("role", "table");
    for (const part of table.querySelectorAll("thead, tbody, tr, td, th")) {
      part.setAttribute("role", roles[part.tagName] || (part.scope === "col" ? "columnheader" : "rowheader"));
    }
  }
  // What scrolls sideways can be reached by Tab; what fits need not be.
  const regions = [...document.querySelectorAll(".wide")];
  const reach = () => regions.forEach((r) => {
    if (r.scrollWidth > r.clientWidth) r.tabIndex = 0;
    else r.removeAttribute("tabindex");
  });
  addEventListener("resize", reach);
  document.querySelectorAll("details").forEach((d) => d.addEventListener("toggle", reach));
  reach();
})();
