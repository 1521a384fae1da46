// The page reads without this script; it adds sorting, the way from the confusion matrix to its examples, and charts.
// Everything that comes from a corpus is in the document already, escaped: nothing here makes HTML out of text.
"use strict";
(() => {
  const collator = new Intl.Collator(undefined, { numeric: true });
  const value = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.value === undefined ? cell.textContent.trim() : Number(cell.dataset.value);
  };
  // Numbers by size, texts by the reader's language; what is not a number ("–") last either way.
  const compare = (a, b, sign) => {
    if (typeof a === "number" && typeof b === "number") {
      if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) - Number.isNaN(b);
      return sign * (a - b);
    }
    return sign * collator.compare(String(a), String(b));
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const numbers = head.classList.contains("number");
        const before = head.getAttribute("aria-sort");
        const descending = before ? before === "ascending" : numbers;
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", descending ? "descending" : "ascending");
        const body = table.tBodies[0];
        const rows = [...body.rows];
        rows.sort((a, b) => compare(value(a, column), value(b, column), descending ? -1 : 1));
        body.append(...rows);
      });
    });
  }

  const examples = document.getElementById("examples");
  const shown = document.getElementById("examples-shown");
  const everything = document.getElementById("examples-all");
  const cells = [...document.querySelectorAll("table.matrix button[data-cell], #confusions button[data-cell]")];
  const show = (cell) => {
    let count = 0;
    for (const row of examples.querySelectorAll("tbody tr")) {
      row.hidden = cell !== null && row.dataset.cell !== cell.dataset.cell;
      if (!row.hidden) ++count;
    }
    for (const other of cells) other.setAttribute("aria-pressed", String(cell !== null && other.dataset.cell === cell.dataset.cell));
    everything.hidden = cell === null;
    shown.textContent = cell === null ? shown.dataset.all : `${cell.getAttribute("aria-label")}: ${count} shown here`;
  };
  if (examples) {
    for (const cell of cells) {
      cell.addEventListener("click", () => {
        show(cell);
        const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
        examples.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "nearest" });
        shown.focus({ preventScroll: true });
      });
    }
    everything.addEventListener("click", () => show(null));
  }

  const data = document.getElementById("chart-data");
  if (!data || typeof Chart === "undefined") return;
  const curves = JSON.parse(data.textContent);
  // Told apart by colour-blind readers too (Okabe and Ito), and each line has its own dashes.
  const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a8a8a", "#b8a800"];
  const dashes = [[], [8, 4], [2, 3], [10, 3, 2, 3]];
  const charts = [];
  const draw = () => {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    Chart.defaults.color = colour("--text");
    Chart.defaults.borderColor = colour("--line");
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    while (charts.length > 0) charts.pop().destroy();
    const axis = (title, percent) => ({
      type: "linear", min: 0, max: 1, title: { display: true, text: title },
      ticks: { callback: (at) => (percent ? `${Math.round(at * 100)} %` : at) },
    });
    const line = (label, points, index) => ({
      label, data: points, showLine: true, pointRadius: points.length > 40 ? 0 : 3, borderWidth: 2, tension: 0,
      borderColor: colours[index % colours.length], backgroundColor: colours[index % colours.length],
      borderDash: dashes[Math.floor(index / colours.length) % dashes.length],
    });
    const plot = (id, datasets, x, y) => {
      const canvas = document.getElementById(id);
      if (!canvas || datasets.length === 0) return;
      charts.push(new Chart(canvas, {
        type: "scatter", data: { datasets },
        options: {
          animation: false, maintainAspectRatio: false, scales: { x: axis(x, true), y: axis(y, true) },
          interaction: { mode: "nearest", intersect: false },
          plugins: { legend: { position: "bottom", labels: { boxHeight: 2 } } },
        },
      }));
    };
    const diagonal = {
      label: "perfectly calibrated", data: [{ x: 0, y: 0 }, { x: 1, y: 1 }], showLine: true, pointRadius: 0,
      borderWidth: 1, borderDash: [4, 4], borderColor: colour("--quiet"), backgroundColor: colour("--quiet"),
    };
    const series = (list) => list.map((one, index) => line(one.name, one.points.map(([x, y]) => ({ x, y })), index));
    if (curves.reliability.length > 0) {
      plot("reliability", [...series(curves.reliability), diagonal], "confidence", "accuracy");
    }
    plot("precision-recall", series(curves.precision_recall), "recall", "precision");
    plot("risk-coverage", series(curves.risk_coverage), "coverage", "share wrong");
  };
  draw();
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
})();
