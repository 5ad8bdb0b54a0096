"use strict";
// Draws the tables of students from the data in the page. Text from outside is only ever set as text.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const ROW_HEIGHT = 32, SPARE = 12, MOST_PRINTED = 1000;
  const [WHO, SCORE, MAX, SECONDS, GRADABLE, TASKS, VERDICTS, MISTAKES, FINAL, LATE] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const names = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const folded = data.students.map((name) => name.toLowerCase());

  function make(tag, properties, ...children) {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(properties || {})) {
      if (key in element) element[key] = value;
      else element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  }

  const number = (value) => String(Math.round(value * 100) / 100);
  const share = (points, full) => (full > 0 ? Math.min(Math.max(points / full, 0), 1) : 0);
  const perCent = (part) => `${Math.floor(part * 100 + 1e-9)} %`;
  const heat = (part) => (part > 1 - 1e-9 ? 4 : part <= 0 ? 0 : Math.min(1 + Math.floor(part * 3), 3));
  const counted = (row) => row[FINAL] ?? row[SCORE];
  const broke = (row) => row[VERDICTS].includes("I");

  // Views: one topic at a time, named by the address.

  const views = [...document.querySelectorAll("section.view")];
  function show() {
    const wanted = document.getElementById(location.hash.slice(1));
    const view = views.includes(wanted) ? wanted : views[0];
    for (const other of views) other.hidden = other !== view;
    for (const link of document.querySelectorAll("nav a")) {
      if (view && link.hash === `#${view.id}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (view) draw(view);
  }

  // Tables that are markup: sorted where they stand.

  function sortable(table) {
    const body = table.tBodies[0];
    const keys = (cell) => {
      const value = parseFloat(cell.textContent);
      return Number.isNaN(value) ? -Infinity : value;
    };
    for (const head of table.tHead.querySelectorAll("th")) {
      const numeric = head.classList.contains("num");
      heading(head, numeric, (direction) => {
        const column = head.cellIndex;
        const compare = numeric
          ? (a, b) => keys(a.cells[column]) - keys(b.cells[column])
          : (a, b) => names.compare(a.cells[column].textContent, b.cells[column].textContent);
        body.append(...[...body.rows].sort((a, b) => direction * compare(a, b)));
      });
    }
  }

  function heading(head, largestFirst, sort) {
    const button = make("button", { type: "button", className: "sort", textContent: head.textContent });
    button.addEventListener("click", () => {
      const before = head.getAttribute("aria-sort");
      const ascending = before ? before === "descending" : !largestFirst;
      for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
      sort(ascending ? 1 : -1);
    });
    head.replaceChildren(button);
  }

  // Tables of students: only the rows in sight are in the page.

  function windowed(section, columns, rows, matches, caption) {
    const head = make("tr", {});
    const body = make("tbody", {});
    const table = make("table", {}, make("thead", {}, head), body);
    const view = make("div", { className: "window", tabIndex: 0, role: "region", "aria-label": caption }, table);
    const count = make("span", { className: "soft small", role: "status" });
    const help = "name, score<50, score>=90, " + matches.help;
    const input = make("input", { type: "search", placeholder: help, "aria-label": `Filter: ${help}` });
    section.append(make("div", { className: "tools" }, input, count), view);
    let order = rows, all = false, first = -1, last = -1;

    for (const column of columns) {
      const cell = make("th", { scope: "col", className: column.numeric ? "num" : "", textContent: column.name });
      head.append(cell);
      heading(cell, column.numeric, (direction) => {
        const value = column.value;
        const compare = column.numeric
          ? (a, b) => value(a) - value(b)
          : (a, b) => names.compare(value(a), value(b));
        rows.sort((a, b) => direction * compare(a, b));
        filter();
      });
    }

    function filter() {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      order = words.length ? rows.filter((row) => words.every((word) => matches.test(row, word))) : rows;
      count.textContent = order.length === rows.length ? `${rows.length}` : `${order.length} of ${rows.length}`;
      view.classList.toggle("short", order.length * ROW_HEIGHT < 480);
      view.scrollTop = 0;
      render(true);
    }

    function render(anew) {
      const from = all ? 0 : Math.max(Math.floor(view.scrollTop / ROW_HEIGHT) - SPARE, 0);
      const seen = all ? MOST_PRINTED : Math.ceil((view.clientHeight || 600) / ROW_HEIGHT) + 2 * SPARE;
      const to = Math.min(from + seen, order.length);
      if (!anew && from === first && to === last) return;
      [first, last] = [from, to];
      const drawn = [space(from)];
      for (let index = from; index < to; index++) {
        const line = make("tr", { "aria-rowindex": index + 2 });
        for (const column of columns) column.cell(line, order[index]);
        drawn.push(line);
      }
      drawn.push(space(all ? 0 : order.length - to));
      if (all && to < order.length) drawn.push(make("tr", {}, make("td", { textContent: `… and ${order.length - to} more` })));
      body.replaceChildren(...drawn);
      table.setAttribute("aria-rowcount", order.length + 1);
    }

    function space(missing) {
      const cell = make("td", { colSpan: columns.length });
      cell.style.height = `${missing * ROW_HEIGHT}px`;
      return make("tr", { className: "space", ariaHidden: "true" }, cell);
    }

    let waiting = false;
    view.addEventListener("scroll", () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        render(false);
      });
    });
    input.addEventListener("input", filter);
    window.addEventListener("beforeprint", () => { all = true; render(true); });
    window.addEventListener("afterprint", () => { all = false; render(true); });
    filter();
    return (text) => {
      input.value = text;
      filter();
      section.scrollIntoView();
    };
  }

  function nameColumn(who, open) {
    return {
      name: "Student",
      value: (row) => data.students[who(row)],
      cell: (line, row) => {
        const button = make("button", { type: "button", className: "link" }, make("bdi", { textContent: data.students[who(row)] }));
        button.addEventListener("click", () => open(row));
        line.append(make("th", { scope: "row" }, button));
      },
    };
  }

  function heatCell(line, points, full) {
    if (points === null) line.append(make("td", { className: "none", textContent: "–" }));
    else line.append(make("td", { className: `heat h${heat(share(points, full))}`, textContent: number(points) }));
  }

  function compared(word, part) {
    const found = /^score(<=|>=|<|>)(\d+(?:\.\d+)?)$/.exec(word);
    if (!found) return null;
    const limit = Number(found[2]), value = part * 100;
    return { "<": value < limit, ">": value > limit, "<=": value <= limit, ">=": value >= limit }[found[1]];
  }

  // A topic.

  function topicTable(section, topic) {
    const fails = (row, id) => {
      const position = topic.checks.findIndex((check) => check[0].toLowerCase() === id);
      return position >= 0 && row[GRADABLE] && !"P.I".includes(row[VERDICTS][position] || ".");
    };
    const matches = {
      help: "mistake:…, fails:…, is:broken, is:not-gradable, is:slow, is:late, is:adjusted",
      test: (row, word) => {
        const by = compared(word, share(row[SCORE], row[MAX]));
        if (by !== null) return by;
        if (word.startsWith("mistake:")) return row[MISTAKES].some((id) => topic.mistakes[id].toLowerCase() === word.slice(8));
        if (word.startsWith("fails:")) return fails(row, word.slice(6));
        if (word === "is:broken") return broke(row);
        if (word === "is:not-gradable") return !row[GRADABLE];
        if (word === "is:late") return row[LATE] > 0;
        if (word === "is:adjusted") return row[FINAL] !== null;
        if (word === "is:slow") return topic.slow.includes(topic.rows.indexOf(row));
        return folded[row[WHO]].includes(word);
      },
    };
    const columns = [
      nameColumn((row) => row[WHO], (row) => openStory(topic, row)),
      { name: "Score", numeric: true, value: (row) => share(row[SCORE], row[MAX]), cell: (line, row) =>
        line.append(make("td", { className: "num" }, make("strong", { textContent: number(row[SCORE]) }),
          ` of ${number(row[MAX])}${row[FINAL] === null ? "" : `, final ${number(row[FINAL])}`}`)) },
      ...topic.tasks.map(([name, full], index) => ({
        name, numeric: true, value: (row) => row[TASKS][index] ?? -1, cell: (line, row) => heatCell(line, row[TASKS][index] ?? null, full),
      })),
      { name: "Seconds", numeric: true, value: (row) => row[SECONDS], cell: (line, row) =>
        line.append(make("td", { className: "num soft", textContent: number(row[SECONDS]) })) },
      { name: "Remarks", value: (row) => remarks(topic, row).map(([text]) => text).join(" "), cell: (line, row) => {
        const cell = make("td", {});
        for (const [text, tone] of remarks(topic, row)) cell.append(make("span", { className: `tag ${tone}`, textContent: text }), " ");
        line.append(cell);
      } },
    ];
    const find = windowed(section, columns, topic.rows.slice(), matches, "Points of each student for each task");
    for (const button of section.closest("section.view").querySelectorAll("[data-find]")) {
      button.addEventListener("click", () => find(button.dataset.find));
    }
  }

  function remarks(topic, row) {
    const found = row[MISTAKES].map((id) => [topic.mistakes[id], ""]);
    if (row[LATE]) found.unshift([`${row[LATE]} ${row[LATE] === 1 ? "day" : "days"} late`, "ours"]);
    if (broke(row)) found.unshift(["grader broke", "ours"]);
    if (!row[GRADABLE]) found.unshift(["not gradable", "bad"]);
    return found;
  }

  function openStory(topic, row) {
    const story = topic.stories[topic.rows.indexOf(row)];
    const box = dialog(data.students[row[WHO]], `${topic.topic}: ${number(row[SCORE])} of ${number(row[MAX])}, ${row[FINAL] === null ? "" : `final ${number(row[FINAL])}, `}${number(row[SECONDS])} s`);
    const note = (label, text) => box.append(make("p", {}, make("span", { className: "tag", textContent: label }), " ", text));
    if (story) {
      box.append(make("p", { className: "soft small", textContent: `${story.file} · ${story.digest}` }));
      for (const text of story.judged || []) note("judgement", text);
      for (const flag of story.flags || []) note("flag", flag);
      for (const text of story.notes || []) note("note", text);
      for (const [id, text] of Object.entries(story.mistakes || {})) note("mistake", `${id}: ${text}`);
    } else if (!row[GRADABLE] || /[^P.]/.test(row[VERDICTS])) {
      box.append(make("p", { className: "soft small", textContent: "What this submission wrote had no room in this page; the gradebook has it." }));
    }
    const list = make("ul", { className: "checks" });
    topic.checks.forEach(([id, task, title, visibility], position) => {
      const known = data.verdicts[row[VERDICTS][position]];
      if (!known) return;
      const [label, mark, tone] = known;
      const text = make("div", {}, `${title} `, make("code", { className: "soft", textContent: `${task} · ${id}` }), " ");
      if (visibility === "hidden") text.append(make("span", { className: "tag", textContent: "hidden" }));
      const message = story && story.messages && story.messages[id];
      if (message) text.append(make("div", { className: "message" }, ...message.split("\n").map((part) => make("span", { textContent: part }))));
      list.append(make("li", {}, make("span", { className: `mark ${tone}`, ariaHidden: "true", textContent: mark }), text, make("span", { className: "soft small", textContent: label })));
    });
    if (list.childElementCount) box.append(list);
    for (const shown of (story && story.cases) || []) evidence(box, shown);
    if (story && story.output) box.append(make("p", { className: "soft small", textContent: "Output" }), make("pre", { textContent: story.output }));
  }

  function evidence(box, shown) {
    const [label, , tone] = data.verdicts[data.letters[shown.verdict]];
    const part = make("div", { className: "evidence" }, make("p", {},
      make("code", { textContent: shown.case ? `${shown.check}[${shown.case}]` : shown.check }), " ",
      make("span", { className: `tag ${tone}`, textContent: label })));
    const facts = make("dl", { className: "facts" });
    for (const [name, key] of [["Difference", "difference"], ["Reason", "reason"], ["Line", "line"]]) {
      if (shown[key]) facts.append(make("dt", { textContent: name }), make("dd", { textContent: shown[key] }));
    }
    if (facts.childElementCount) part.append(facts);
    if (shown.detail) part.append(make("pre", { textContent: shown.detail }));
    box.append(part);
  }

  function dialog(title, subtitle) {
    const close = make("button", { type: "button", className: "close", textContent: "Close" });
    const box = make("dialog", { "aria-label": title }, close, make("h2", {}, make("bdi", { textContent: title })), make("p", { textContent: subtitle }));
    close.addEventListener("click", () => box.remove());
    box.addEventListener("close", () => box.remove());
    document.body.append(box);
    box.showModal();
    return box;
  }

  // The whole class in one picture: a line for each task and thin ones for its checks, students from the best on.

  function topicMap(section, topic) {
    const rows = topic.rows.filter((row) => row[GRADABLE]).sort((a, b) => share(b[SCORE], b[MAX]) - share(a[SCORE], a[MAX]));
    if (rows.length < 2) return;
    section.hidden = false;
    const columns = Math.min(rows.length, 1200);
    const lines = [];
    topic.tasks.forEach(([name, full], task) => {
      lines.push({ tall: 14, part: (row) => (row[TASKS][task] === null ? null : share(row[TASKS][task], full)) });
      topic.checks.forEach((check, position) => {
        if (check[1] === name) lines.push({ tall: 4, part: (row) => ("I.".includes(row[VERDICTS][position] || ".") ? null : row[VERDICTS][position] === "P" ? 1 : 0) });
      });
    });
    const height = lines.reduce((sum, line) => sum + line.tall + 1, 0);
    const canvas = make("canvas", { width: columns, height, role: "img", "aria-label": "A column for each student, from the highest score to the lowest: thick lines are tasks, thin ones their checks; green is all of the points, red is none" });
    canvas.style.height = `${height}px`;
    section.append(make("p", { className: "soft small", textContent: "A column for each student, the highest score at the left. Thick lines are tasks, thin ones their checks; green is all of the points, red none." }), canvas);
    const paint = () => {
      const style = getComputedStyle(document.documentElement);
      const tints = [0, 1, 2, 3, 4].map((tint) => style.getPropertyValue(`--m${tint}`));
      const pen = canvas.getContext("2d");
      pen.clearRect(0, 0, columns, height);
      let top = 0;
      for (const line of lines) {
        for (let column = 0; column < columns; column++) {
          const from = Math.floor((column * rows.length) / columns);
          const to = Math.max(Math.floor(((column + 1) * rows.length) / columns), from + 1);
          const parts = rows.slice(from, to).map(line.part).filter((part) => part !== null);
          if (!parts.length) continue;
          pen.fillStyle = tints[heat(parts.reduce((sum, part) => sum + part, 0) / parts.length)];
          pen.fillRect(column, top, 1, line.tall);
        }
        top += line.tall + 1;
      }
    };
    paint();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  }

  // The course.

  function courseTable(section) {
    const rows = data.students.map((_, who) => ({ who, score: 0, topics: data.topics.map(() => null) }));
    let full = 0;
    data.topics.forEach((topic, index) => {
      full += topic.rows.reduce((most, row) => Math.max(most, row[MAX]), 0);
      for (const row of topic.rows) {
        rows[row[WHO]].score += counted(row);
        rows[row[WHO]].topics[index] = row;
      }
    });
    const missing = (row) => row.topics.filter((entry) => entry === null).length;
    const matches = {
      help: "missing:…, is:missing, is:broken, is:not-gradable",
      test: (row, word) => {
        const by = compared(word, share(row.score, full));
        if (by !== null) return by;
        if (word === "is:missing") return missing(row) > 0;
        if (word === "is:broken") return row.topics.some((entry) => entry && broke(entry));
        if (word === "is:not-gradable") return row.topics.some((entry) => entry && !entry[GRADABLE]);
        if (word.startsWith("missing:")) {
          return data.topics.some((topic, index) => topic.topic.toLowerCase().includes(word.slice(8)) && row.topics[index] === null);
        }
        return folded[row.who].includes(word);
      },
    };
    const columns = [
      nameColumn((row) => row.who, (row) => openCourse(row, full)),
      { name: "Points", numeric: true, value: (row) => row.score, cell: (line, row) => line.append(make("td", { className: "num" }, make("strong", { textContent: number(row.score) }))) },
      { name: "%", numeric: true, value: (row) => row.score, cell: (line, row) => line.append(make("td", { className: "num", textContent: perCent(share(row.score, full)) })) },
      { name: "Missing", numeric: true, value: missing, cell: (line, row) => line.append(make("td", { className: "num", textContent: missing(row) || "" })) },
      ...data.topics.map((topic, index) => ({
        name: topic.topic, numeric: true,
        value: (row) => (row.topics[index] ? share(counted(row.topics[index]), row.topics[index][MAX]) : -1),
        cell: (line, row) => heatCell(line, row.topics[index] ? counted(row.topics[index]) : null, row.topics[index] ? row.topics[index][MAX] : 1),
      })),
    ];
    windowed(section, columns, rows, matches, "Points of each student for each topic");
  }

  function openCourse(row, full) {
    const box = dialog(data.students[row.who], `${number(row.score)} of ${number(full)}, ${perCent(share(row.score, full))}`);
    const list = make("ul", { className: "plain" });
    data.topics.forEach((topic, index) => {
      const entry = row.topics[index];
      if (entry === null) {
        list.append(make("li", { className: "gone", textContent: `${topic.topic}: not handed in` }));
        return;
      }
      const button = make("button", { type: "button", className: "link", textContent: topic.topic });
      button.addEventListener("click", () => { box.remove(); openStory(topic, entry); });
      const item = make("li", {}, button, ` ${number(counted(entry))} of ${number(entry[MAX])} `);
      for (const [text, tone] of remarks(topic, entry)) item.append(make("span", { className: `tag ${tone}`, textContent: text }), " ");
      list.append(item);
    });
    box.append(list);
  }

  // What is not in sight is drawn when it comes into sight.

  const drawn = new Set();
  function draw(view) {
    if (drawn.has(view)) return;
    drawn.add(view);
    for (const table of view.querySelectorAll("table.sortable")) sortable(table);
    for (const section of view.querySelectorAll("[data-map]")) topicMap(section, data.topics[section.dataset.map - 1]);
    for (const section of view.querySelectorAll("[data-students]")) {
      if (section.dataset.students === "course") courseTable(section);
      else topicTable(section, data.topics[section.dataset.students - 1]);
    }
  }

  window.addEventListener("hashchange", () => { show(); scrollTo(0, 0); });
  show();
  document.documentElement.dataset.drawn = "yes";
})();
