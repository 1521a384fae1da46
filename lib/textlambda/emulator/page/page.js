// The emulator's page: asks once a second what has happened, shows it, and sends test events. Whatever comes from a
// function (names, answers, errors, log) is put in as text: nothing here makes HTML out of anything.
"use strict";
(() => {
  const kInterval = 1000;  // milliseconds between two looks
  const kRows = 200;  // as many as the emulator keeps
  const kLongestShown = 200000;  // characters of an answer

  const byId = (id) => document.getElementById(id);
  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined) made.setAttribute(key, value);
    }
    made.append(...children.map((child) => (child instanceof Node ? child : String(child))));
    return made;
  };
  // A name or message of somebody else's: it must not turn what stands beside it from right to left.
  const words = (text) => element("bdi", {}, text);
  const badge = (text, kind = "") => element("span", { class: `badge ${kind}` }, text);

  // Figures as people read them.
  const counted = new Intl.NumberFormat("en");
  const count = (number) => counted.format(number);
  const duration = (ms) => {
    if (ms === null || ms === undefined) return "–";
    if (ms >= 10000) return `${(ms / 1000).toFixed(1)} s`;
    return `${ms.toFixed(ms >= 100 ? 0 : ms >= 10 ? 1 : 2)} ms`;
  };
  // A round one, as on an axis: 300 µs, 1.5 ms, 3 s.
  const edge = (ms) => {
    if (ms === 0) return "0";
    const [value, unit] = ms >= 1000 ? [ms / 1000, "s"] : ms >= 1 ? [ms, "ms"] : [ms * 1000, "µs"];
    return `${Number(value.toPrecision(3))} ${unit}`;
  };
  const age = (ms) => {
    const seconds = Math.floor(ms / 1000);
    if (seconds < 60) return `${seconds} s`;
    if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
    return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  };
  const bytes = (size) => {
    if (size < 1024) return `${size} B`;
    if (size < 1048576) return `${(size / 1024).toFixed(1)} KB`;
    return `${(size / 1048576).toFixed(1)} MB`;
  };
  const dollars = (amount) => (amount === null || amount === undefined ? "–" : `$${amount.toFixed(2)}`);
  const share = (part) => (part === null || part === undefined ? "–" : `${(100 * part).toFixed(1)} %`);
  const significant = (number) => (number === 0 ? "0" : number >= 100 ? count(Math.round(number)) : number.toPrecision(3));
  const clock = (moment) => {
    const time = new Date(moment);
    const two = (number) => String(number).padStart(2, "0");
    return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.` +
      String(time.getMilliseconds()).padStart(3, "0");
  };

  const state = { since: "", last: 0, recent: [], stats: null, functions: [], paused: false, wake: null };
  const chosen = () => byId("chosen").value;
  const failed = (record) => record.outcome !== "succeeded";
  const of_chosen = (record) => chosen() === "" || record.function === chosen();

  // Tiles.
  const figures = () => {
    if (chosen() === "") return state.stats.totals;
    return state.stats.functions.find((one) => one.function === chosen()) ?? null;
  };
  const tile = (name, value, small, bad = false) =>
    element("div", bad ? { class: "bad" } : {}, element("dt", {}, name), element("dd", {}, value, element("small", {}, small)));
  const show_tiles = () => {
    const one = figures();
    if (one === null) {
      byId("tiles").replaceChildren(tile("invocations", "0", "of this function"));
      return;
    }
    const time = one.duration_ms ?? {};
    const init = one.init_ms ?? {};
    const cost = one.usd_per_million ?? {};
    const errors = one.function_errors + one.timed_out;
    byId("tiles").replaceChildren(
      tile("invocations", count(one.invocations), `${count(one.in_flight)} under way`),
      tile("cold starts", count(one.cold_starts), share(one.cold_share)),
      tile("errors", count(errors), `${count(one.timed_out)} of them timeouts`, errors > 0),
      tile("throttled", count(one.throttled), "429, or waiting", one.throttled > 0),
      tile("p50", duration(time.p50), `mean ${duration(time.mean)}`),
      tile("p99", duration(time.p99), `p99.9 ${duration(time.p99_9)}`),
      tile("longest", duration(time.max), `p90 ${duration(time.p90)}`),
      tile("initialisation", duration(init.p50), `longest ${duration(init.max)}`),
      tile("at a time", count(one.peak_concurrency), "at most, so far"),
      tile("environments", count(one.environments.alive), `at most ${count(one.environments.peak)}`),
      tile("GB-seconds", significant(one.gb_seconds), `${duration(one.billed_ms)} billed`),
      tile("a million calls, x86", dollars(cost.x86_64), `${dollars(cost.arm64)} on arm`));
  };

  // Charts. Told apart by shape too, and by colour-blind readers (Okabe and Ito).
  const charts = {};
  const kinds = [
    { label: "warm", point: "circle", colour: "#0072b2", dark: "#56b4e9" },
    { label: "cold", point: "triangle", colour: "#c77700", dark: "#e69f00" },
    { label: "failed", point: "crossRot", colour: "#b3261e", dark: "#ff8a7a" },
  ];
  const is_dark = () => window.matchMedia("(prefers-color-scheme: dark)").matches;
  const colour_of = (kind) => (is_dark() ? kind.dark : kind.colour);
  const make_charts = () => {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    Chart.defaults.color = colour("--text");
    Chart.defaults.borderColor = colour("--line");
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    for (const name of Object.keys(charts)) charts[name].destroy();
    charts.spread = new Chart(byId("spread"), {
      type: "bar",
      data: { labels: [], datasets: [{ data: [], backgroundColor: colour_of(kinds[0]), barPercentage: 1, categoryPercentage: 0.94 }] },
      options: {
        animation: false, maintainAspectRatio: false,
        scales: {
          x: { title: { display: true, text: "duration, from" }, grid: { display: false } },
          y: { beginAtZero: true, title: { display: true, text: "invocations" }, ticks: { precision: 0 } },
        },
        plugins: { legend: { display: false }, tooltip: { callbacks: { title: ([item]) => item.dataset.ranges[item.dataIndex] } } },
      },
    });
    const round = (value) => /^[125]0*$/.test(String(Math.round(value * 1000)));
    charts.recent = new Chart(byId("recent"), {
      type: "scatter",
      data: {
        datasets: kinds.map((kind, index) => ({
          label: kind.label, data: [], pointStyle: kind.point, pointRadius: index === 0 ? 2.5 : 5, borderWidth: index === 0 ? 1 : 2,
          borderColor: colour_of(kind), backgroundColor: colour_of(kind),
        })),
      },
      options: {
        animation: false, maintainAspectRatio: false,
        scales: {
          x: { title: { display: true, text: "n-th invocation" }, ticks: { precision: 0 } },
          y: {
            type: "logarithmic", title: { display: true, text: "duration" },
            ticks: { callback: (value) => (round(value) ? edge(value) : null) },
          },
        },
        plugins: {
          legend: { position: "bottom", labels: { usePointStyle: true, boxWidth: 9, boxHeight: 9 } },
          tooltip: { callbacks: { label: ({ raw }) => `${raw.name}: ${duration(raw.y)}` } },
        },
      },
    });
  };
  const show_charts = () => {
    const counts = figures()?.duration_counts ?? [];
    const set = charts.spread.data.datasets[0];
    charts.spread.data.labels = counts.map((bucket) => edge(bucket.from_ms));
    set.ranges = counts.map((bucket) =>
      `${edge(bucket.from_ms)} to ${bucket.to_ms === null ? "any" : edge(bucket.to_ms)}`);
    set.data = counts.map((bucket) => bucket.count);
    charts.spread.update("none");
    const all = counts.reduce((sum, bucket) => sum + bucket.count, 0);
    const largest = counts.reduce((most, bucket) => (bucket.count > most.count ? bucket : most), { count: 0 });
    byId("spread").setAttribute("aria-label", all === 0 ? "How many invocations took how long: none yet" :
      `How many invocations took how long: of ${count(all)}, most, ${count(largest.count)}, between ` +
      `${edge(largest.from_ms)} and ${largest.to_ms === null ? "any" : edge(largest.to_ms)}`);

    const shown = state.recent.filter((record) => of_chosen(record) && record.duration_ms !== null);
    const kind = (record) => (failed(record) ? 2 : record.cold ? 1 : 0);
    charts.recent.data.datasets.forEach((dataset, index) => {
      dataset.data = shown.filter((record) => kind(record) === index).map((record) => ({
        // What took no time at all has no place on a logarithmic scale.
        x: record.number, y: Math.max(record.duration_ms, 0.001), name: record.function,
      }));
    });
    charts.recent.update("none");
    const sorted = shown.map((record) => record.duration_ms).sort((a, b) => a - b);
    byId("recent").setAttribute("aria-label", shown.length === 0 ? "Durations of the last invocations: none yet" :
      `Durations of the last ${shown.length} invocations: median ${duration(sorted[Math.floor(sorted.length / 2)])}, ` +
      `longest ${duration(sorted[sorted.length - 1])}; ${shown.filter((record) => record.cold).length} began cold, ` +
      `${shown.filter(failed).length} failed`);
  };

  // Tables. On a narrow screen each cell says what it is (data-name).
  const heads = (table) => [...table.tHead.rows[0].cells];
  const row = (table, cells) => {
    const made = element("tr");
    heads(table).forEach((head, index) => {
      const cell = element(index === 0 ? "th" : "td", { "data-name": head.textContent }, ...[cells[index]].flat());
      if (index === 0) cell.setAttribute("scope", "row");
      if (head.classList.contains("number")) cell.classList.add("number");
      made.append(cell);
    });
    return made;
  };
  const fill = (table, rows, nothing) => {
    const empty = element("tr", {}, element("td", { class: "empty", colspan: heads(table).length }, nothing));
    table.tBodies[0].replaceChildren(...(rows.length > 0 ? rows : [empty]));
  };

  const outcome_words = {
    succeeded: ["answered", "good"], function_error: ["error", "bad"], timed_out: ["timed out", "bad"],
    throttled: ["throttled", "doubt"],
  };
  const invocation_row = (record) => {
    const [word, kind] = outcome_words[record.outcome] ?? [record.outcome, ""];
    const outcome = [badge(word, kind)];
    if (record.cold) outcome.push(badge("cold", "doubt"));
    if (record.kind !== "request_response") outcome.push(badge(record.kind));
    if (record.error_type !== null) outcome.push(element("span", { class: "why" }, words(record.error_type)));
    const name = [words(record.function)];
    if (record.version !== "$LATEST") name.push(" : ", words(record.version));
    const began = element("time", { datetime: record.began, title: record.began }, clock(record.began));
    const made = row(byId("invocations"), [began, name, [element("span", {}, ...outcome)], duration(record.duration_ms),
      record.cold ? duration(record.init_ms) : "–", `${count(record.billed_ms)} ms`,
      record.peak_bytes > 0 ? `${bytes(record.peak_bytes)} of ${record.memory_mb}` : "–", bytes(record.event_bytes),
      bytes(record.answer_bytes), element("span", { class: "id" }, words(record.request_id))]);
    made.record = record;
    return made;
  };
  const filter_invocations = () => {
    const rows = [...byId("invocations").tBodies[0].rows].filter((one) => one.record !== undefined);
    let shown = 0;
    for (const one of rows) {
      one.hidden = !of_chosen(one.record) || (byId("only-failed").checked && !failed(one.record)) ||
        (byId("only-cold").checked && !one.record.cold);
      if (!one.hidden) ++shown;
    }
    byId("invocations-count").textContent = rows.length === 0 ? "" : `${shown} of the last ${rows.length} shown`;
  };
  const add_invocations = (records) => {
    const body = byId("invocations").tBodies[0];
    if (records.length > 0) {
      if (body.querySelector("td.empty")) body.replaceChildren();
      body.prepend(...records.map(invocation_row).reverse());
      while (body.rows.length > kRows) body.rows[body.rows.length - 1].remove();
    } else if (body.rows.length === 0) {
      fill(byId("invocations"), [], "None yet: send a test event, or call a function as the log says.");
    }
    filter_invocations();
  };

  const known_functions = () => {
    const names = new Map(state.functions.map((one) => [one.name, { shown: one, figures: null }]));
    for (const one of state.stats.functions) {
      if (!names.has(one.function)) names.set(one.function, { shown: null, figures: null });
      names.get(one.function).figures = one;
    }
    return [...names].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  };
  const show_functions = () => {
    const table = byId("functions");
    const rows = known_functions().map(([name, { shown, figures: one }]) => {
      const time = one?.duration_ms ?? {};
      const cost = one?.usd_per_million ?? {};
      const memory = shown?.memory_mb ?? one?.memory_mb;
      return row(table, [[words(name), ...(shown ? [] : [" ", badge("gone")])], memory ? `${count(memory)} MB` : "–",
        shown ? `${shown.timeout_ms / 1000} s` : "–", count(one?.invocations ?? 0),
        one ? `${count(one.cold_starts)} (${share(one.cold_share)})` : "–",
        count(one ? one.function_errors + one.timed_out : 0), count(one?.throttled ?? 0), duration(time.p50), duration(time.p99),
        duration(time.p99_9), significant(one?.gb_seconds ?? 0), dollars(cost.x86_64), dollars(cost.arm64)]);
    });
    fill(table, rows, "No function yet.");
  };
  const state_words = { starting: "doubt", idle: "", busy: "good", answered: "good" };
  const show_environments = () => {
    const table = byId("environments");
    const rows = state.functions.filter((one) => chosen() === "" || one.name === chosen()).flatMap((one) =>
      one.environments.map((each) =>
        row(table, [element("span", { class: "id" }, words(each.id)), words(one.name),
          badge(each.state, state_words[each.state] ?? ""), age(each.age_ms), count(each.invocations),
          each.peak_bytes > 0 ? `${bytes(each.peak_bytes)} of ${one.memory_mb}` : "–"])));
    fill(table, rows, "None: the next call is a cold start.");
  };

  // The functions to choose from, twice; what was chosen stays so.
  const show_choices = () => {
    const choices = (select, names, first) => {
      const before = select.value;
      const options = names.map((name) => element("option", { value: name }, name));
      const wanted = first === null ? options : [element("option", { value: "" }, first), ...options];
      const same = [...select.options].map((option) => option.value).join("\n") === wanted.map((option) => option.value).join("\n");
      if (same) return;
      select.replaceChildren(...wanted);
      if (wanted.some((option) => option.value === before)) select.value = before;
    };
    choices(byId("chosen"), known_functions().map(([name]) => name), "all functions");
    choices(byId("try-function"), state.functions.map((one) => one.name).sort(), null);
    const aliases = state.functions.find((one) => one.name === byId("try-function").value)?.aliases ?? [];
    byId("try-qualifiers").replaceChildren(...aliases.map((alias) => element("option", { value: alias })));
  };

  const show_log = (text) => {
    const log = byId("log");
    if (log.textContent !== text) log.textContent = text;
    if (byId("follow").checked) log.scrollTop = log.scrollHeight;
  };
  const show_all = () => {
    if (state.stats === null) return;
    show_choices();
    show_tiles();
    show_charts();
    show_functions();
    show_environments();
    filter_invocations();
  };

  // Looking.
  const say = (kind, text) => {
    byId("connection").className = kind;
    if (byId("connection-text").textContent !== text) byId("connection-text").textContent = text;
  };
  const get = async (path) => {
    const response = await fetch(path, { cache: "no-store" });
    const text = await response.text();
    if (!response.ok) throw new Error(text.trim() || String(response.status));
    return text;
  };
  const look = async () => {
    const [stats, functions, log] =
      await Promise.all([get(`stats?after=${state.last}`), get("functions"), get("log")]);
    state.stats = JSON.parse(stats);
    state.functions = JSON.parse(functions).functions;
    if (state.stats.since !== state.since) {  // another run of the emulator, or the first look
      const anew = state.since !== "" && state.last > 0;
      Object.assign(state, { since: state.stats.since, last: 0, recent: [] });
      byId("invocations").tBodies[0].replaceChildren();
      if (anew) return look();
    }
    const fresh = state.stats.recent;
    state.last = state.stats.ended;
    state.recent = [...state.recent, ...fresh].slice(-kRows);
    add_invocations(fresh);
    show_log(log);
    show_all();
    return undefined;
  };
  const sleep = (milliseconds) => new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    state.wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  const wake = () => state.wake?.();
  const run = async () => {
    for (;;) {
      if (state.paused) {
        say("", "paused");
      } else if (!document.hidden) {
        try {
          await look();
          say("live", "live");
        } catch (error) {
          say("lost", error instanceof TypeError ? "the emulator does not answer" : error.message);
        }
      }
      await sleep(state.paused || document.hidden ? 3600000 : kInterval);
    }
  };

  // Test events.
  const samples = async () => {
    const source = byId("try-source").value;
    const { text, events } = JSON.parse(await get(`events?text=${encodeURIComponent(byId("try-text").value)}`));
    if (byId("try-source").options.length === 0) {
      byId("try-source").append(element("option", { value: "" }, "none: as it stands below"),
        ...events.map((one) => element("option", { value: one.source }, one.source)));
      byId("try-source").value = "direct";
      byId("try-text").placeholder = text;
    }
    const wanted = source === "" && byId("try-event").value.trim() === "{}" ? "direct" : source;
    const sample = events.find((one) => one.source === wanted);
    if (sample) byId("try-event").value = sample.event;
    check_event();
  };
  const check_event = () => {
    const event = byId("try-event");
    const fault = byId("try-fault");
    let why = "";
    try {
      if (event.value.trim() !== "") JSON.parse(event.value);
    } catch (error) {
      why = `This is no JSON: ${error.message}`;
    }
    fault.hidden = why === "";
    if (fault.textContent !== why) fault.textContent = why;
    event.setAttribute("aria-invalid", String(why !== ""));
  };
  const readable = (text) => {
    if (text.length > kLongestShown) return `${text.slice(0, kLongestShown)}\n… ${count(text.length)} characters in all`;
    if (/\d{16}/.test(text)) return text;  // numbers that would not stay as they are
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return text;
    }
  };
  const decoded = (base64) => new TextDecoder().decode(Uint8Array.from(atob(base64), (one) => one.charCodeAt(0)));
  const verdict = (response, error_type) => {
    const error = response.headers.get("X-Amz-Function-Error");
    if (!response.ok) return badge(`${response.status} ${error_type ?? ""}`.trim(), "bad");
    if (error !== null) return badge(`function error: ${error}`, "bad");
    if (response.status === 202) return badge("202 accepted", "good");
    if (response.status === 204) return badge("204 may be called", "good");
    return badge("answered", "good");
  };
  const send = async () => {
    const qualifier = byId("try-qualifier").value.trim();
    const target = `/2015-03-31/functions/${encodeURIComponent(byId("try-function").value)}/invocations` +
      (qualifier === "" ? "" : `?Qualifier=${encodeURIComponent(qualifier)}`);
    const begin = performance.now();
    const response = await fetch(target, {
      method: "POST", cache: "no-store", body: byId("try-event").value,
      headers: {
        "Content-Type": "application/json", "X-Amz-Invocation-Type": byId("try-type").value, "X-Amz-Log-Type": "Tail",
      },
    });
    const body = await response.text();
    const took = performance.now() - begin;
    const log = response.headers.get("X-Amz-Log-Result");
    const id = response.headers.get("x-amzn-RequestId");
    byId("answer-status").replaceChildren(verdict(response, response.headers.get("x-amzn-ErrorType")),
      ` after ${duration(took)}`, ...(id === null ? [] : [", request ", element("span", { class: "id" }, words(id))]));
    byId("answer-body").textContent = body === "" ? "(none)" : readable(body);
    byId("answer-log").textContent = log === null ? "(none)" : decoded(log);
    byId("answer-log-head").hidden = byId("answer-log").hidden = log === null;
  };
  byId("try").addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = byId("try").querySelector("button");
    button.disabled = true;
    byId("answer").hidden = false;
    byId("answer-status").textContent = "sent";
    try {
      await send();
    } catch (error) {
      byId("answer-status").replaceChildren(badge("not answered", "bad"), ` ${error.message}`);
      byId("answer-body").textContent = byId("answer-log").textContent = "";
    }
    button.disabled = false;
    if (document.activeElement === document.body) button.focus();  // it cannot have the focus while it is disabled
    wake();
  });
  byId("try-event").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) byId("try").requestSubmit();
  });
  byId("try-event").addEventListener("input", check_event);
  byId("try-source").addEventListener("change", samples);
  let typing = 0;
  byId("try-text").addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(samples, 250);
  });
  byId("try-function").addEventListener("change", show_choices);

  byId("pause").addEventListener("click", () => {
    state.paused = !state.paused;
    byId("pause").setAttribute("aria-pressed", String(state.paused));
    wake();
  });
  byId("chosen").addEventListener("change", show_all);
  byId("only-failed").addEventListener("change", filter_invocations);
  byId("only-cold").addEventListener("change", filter_invocations);
  byId("follow").addEventListener("change", () => show_log(byId("log").textContent));
  byId("log").addEventListener("scroll", () => {
    const log = byId("log");
    byId("follow").checked = log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
  });
  document.addEventListener("visibilitychange", wake);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    make_charts();
    show_all();
  });

  make_charts();
  samples().catch(() => {});
  run();
})();
