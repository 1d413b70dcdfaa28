"use strict";
const ABOUT = JSON.parse(document.getElementById("about").textContent);
const find = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];

// An element with its attributes and what stands in it. Text is always text, never markup.
function make(name, attributes = {}, ...content) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === undefined) continue;
    element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...content.flat(Infinity).filter(part => part !== "" && part !== false && part !== undefined));
  return element;
}

// The program, in a thread of its own.

const waiting = new Map();
let worker, calls = 0, ready = false;

function ask(call, asked, files = []) {
  return new Promise((resolve, reject) => {
    waiting.set(++calls, {resolve, reject});
    worker.postMessage({id: calls, call, asked, files});
  });
}

const state = find("#state");
function say(text, busy = false) {
  state.textContent = text;
  state.classList.toggle("busy", busy);
}

// The bytes of a part of this page. The worker has this function, too.
async function unpacked(part) {
  const packed = Uint8Array.fromBase64?.(part) ?? Uint8Array.from(atob(part), letter => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const TOO_OLD = "This browser is too old for it. A current Firefox, Chrome, Edge or Safari opens it.";
const DAMAGED = "The file is damaged or not complete. Please open it again from where you got it.";

async function begin() {
  if (typeof DecompressionStream === "undefined") throw new Error(TOO_OLD);
  const part = name => find(`#part-${name}`)?.textContent ?? "";
  const code = await unpacked(part("code")).catch(() => { throw new Error(DAMAGED); });
  const script = new Blob([`"use strict";\n${unpacked}\n`, code], {type: "text/javascript"});
  worker = new Worker(URL.createObjectURL(script));
  worker.onmessage = ({data: {id, told, failed}}) => {
    const {resolve, reject} = waiting.get(id);
    waiting.delete(id);
    if (failed === undefined) resolve(told); else reject(new Error(failed));
  };
  worker.onerror = event => say(`This page cannot start. ${event.message}`);
  const parts = Object.fromEntries(["wasm", "library", "program"].map(name => [name, part(name)]));
  await new Promise((resolve, reject) => {
    waiting.set(0, {resolve, reject});
    worker.postMessage({id: 0, parts});
  });
  for (const used of all("script[id^=part-]")) used.remove();
  ready = true;
  say("Ready.");
}

// The form, made of the fields of a trip as the program describes them.

let fresh = 0;
function field(label, hint, control, more = []) {
  const id = control.id || (control.id = `field-${++fresh}`), notes = [];
  if (hint) notes.push(make("p", {class: "hint", id: `${id}-hint`}, hint));
  const understood = make("p", {class: "understood", id: `${id}-understood`});
  const fault = make("p", {class: "fault", id: `${id}-fault`, hidden: true});
  control.setAttribute("aria-describedby", [...notes, understood, fault].map(note => note.id).join(" "));
  const said = make("div", {"aria-live": "polite"}, understood, fault);
  if (control.localName === "fieldset") {
    control.prepend(make("legend", {}, label), ...notes);
    control.append(said);
    return make("div", {class: "field"}, control);
  }
  return make("div", {class: "field"}, make("label", {for: id}, label), ...notes, control, ...more, said);
}

function choose(name, choices, blank) {
  const options = choices.map(({value, label}) => make("option", {value}, label));
  if (blank) options.unshift(make("option", {value: ""}, blank));
  return make("select", {name}, options);
}

function control(described, prefix) {
  const {name, control: kind, choices} = described;
  const id = `${prefix}-${name}`;
  if (kind === "one") return Object.assign(choose(name, choices, "not stated"), {id});
  if (kind === "several") {
    const boxes = choices.map(({value, label}) =>
      make("label", {class: "choice"}, make("input", {type: "checkbox", name, value}), label));
    return make("fieldset", {id}, boxes);
  }
  const text = {type: kind === "date" ? "date" : "text", name, id};
  if (kind === "country") text.list = "countries";
  if (kind === "number") text.inputmode = "decimal";
  return make("input", text);
}

// Whether somebody is a member of a cluster: an answer, and the name where it is yes.
function cluster(described, prefix) {
  const choices = [{value: "yes", label: "yes"}, {value: "none", label: "no"}];
  const answer = Object.assign(choose("", choices, "not known"), {id: `${prefix}-${described.name}-answer`});
  const name = make("input", {type: "text", name: described.name, id: `${prefix}-${described.name}`});
  const part = field("Name of its cluster (may be left out)", "", name);
  part.hidden = true;
  const whole = field(described.label, described.hint, answer);
  name.member = answer;
  answer.addEventListener("change", () => { part.hidden = answer.value !== "yes"; });
  return [whole, part];
}

function fieldFor(described, prefix = "trip", words = {}) {
  const known = {...described, ...words};
  if (known.control === "cluster") return cluster(known, prefix);
  return [field(known.label, known.hint, control(known, prefix))];
}

function makeTripForm() {
  const grouped = group => ABOUT.fields.filter(one => one.group === group);
  const dates = ABOUT.pairs.flatMap(pair => pair.fields);
  const first = grouped("first"), at = first.findIndex(one => dates.includes(one.name));
  const parts = first.filter(one => !dates.includes(one.name)).map(one => fieldFor(one));
  parts.splice(at, 0, datesOf("trip"));
  const part = group => make("fieldset", {}, make("legend", {}, ABOUT.groups[group]), grouped(group).map(one => fieldFor(one)));
  const more = Object.keys(ABOUT.groups).filter(group => group !== "payment" && grouped(group).length).map(part);
  find("#fields").append(...parts.flat());
  find("#payment-fields").append(part("payment"));
  find("#more-fields").append(make("p", {class: "hint"}, "What is left out is assumed, and the verdict says so."), ...more);
}

// Either pair of dates: the travel days, or the days on site.
function datesOf(prefix) {
  const fields = Object.fromEntries(ABOUT.fields.map(one => [one.name, one]));
  const pairs = ABOUT.pairs.map((pair, place) => {
    const part = make("div", {hidden: place > 0, class: "pair"}, pair.fields.map(name => fieldFor(fields[name], prefix)).flat());
    const choice = make("input", {type: "radio", name: `${prefix}-pair`, value: place, checked: place === 0});
    choice.addEventListener("change", () => all(".pair", choice.form).forEach(one => { one.hidden = one !== part; }));
    return [make("label", {class: "choice"}, choice, pair.label), part];
  });
  const choices = make("fieldset", {}, make("legend", {}, "Dates: I know"), pairs.map(([choice]) => choice));
  return [make("div", {class: "field"}, choices), ...pairs.map(([, part]) => part)];
}

const OUT_OF_SIGHT = ".pair[hidden], #payment-fields[hidden]";

// What a form states: texts by field, and a list where several may be chosen. What is out of sight is not stated.
function stated(form) {
  const found = {};
  for (const one of all("input, select", form)) {
    if (!one.name || one.type === "file" || one.type === "radio" || one.closest(OUT_OF_SIGHT)) continue;
    if (one.member) {
      found[one.name] = one.member.value === "yes" ? one.value.trim() || "yes" : one.member.value;
    } else if (one.type === "checkbox") {
      if (!one.hasAttribute("value")) found[one.name] = one.checked;
      else if (one.checked) (found[one.name] ??= []).push(one.value);
    } else {
      found[one.name] = one.value;
    }
  }
  return found;
}

// Under which rules it is asked: the rulebook, and for a trip or a table before the visit or for payment, on which day.
const rules = () => ({rulebook: find("#rulebook").value});
const stage = () => ({...rules(), stage: find("#stage").value, today: find("#today").value});
const unfinished = form => all("input[type=date]", form).filter(one => one.validity.badInput && !one.closest(OUT_OF_SIGHT));

// What was understood and what is wrong, beside the fields. A field that is being typed in is not yet called wrong.
function note(form, {understood = {}, problems = []}) {
  const wrong = new Map(problems.map(({field: name, message}) => [name, message]));
  for (const one of unfinished(form)) wrong.set(one.name, "This date is not complete.");
  for (const one of all("[id$=-fault]", form)) {
    const id = one.id.slice(0, -"-fault".length), owner = document.getElementById(id);
    const name = owner.name || (owner.localName === "fieldset" ? find("input", owner)?.name : "") || "";
    const message = name && !owner.closest(OUT_OF_SIGHT) ? wrong.get(name) : undefined;
    const shown = message !== undefined && !(owner === document.activeElement && owner.type !== "date" && owner.localName === "input");
    one.hidden = !shown;
    if (one.textContent !== (shown ? message : "")) one.textContent = shown ? message : "";
    if (shown && owner.localName !== "fieldset") owner.setAttribute("aria-invalid", "true"); else owner.removeAttribute("aria-invalid");
    const echo = document.getElementById(`${id}-understood`), text = shown ? "" : understood[name] ?? "";
    if (echo.textContent !== text) echo.textContent = text;
  }
}

// The answers, drawn.

const labelOf = name => ABOUT.fields.find(one => one.name === name)?.label ?? name;

function headline(panel, kind, text, ...more) {
  panel.className = `verdict ${kind}`;
  const lines = [make("p", {class: "headline"}, text), ...more];
  if (panel.textContent !== lines.map(line => line.textContent).join("")) panel.replaceChildren(...lines);
}

function rowsOf({rows}) {
  const items = rows.map(({mark, means, label, text}) => make("li", {class: mark === "→" && "what-to-do"},
    mark && make("span", {class: "mark", "aria-hidden": "true"}, mark),
    make("span", {}, means && make("span", {class: "unseen"}, `${means}: `), !mark && label && `${label}: `, linked(text),
      mark && label && make("span", {class: "code"}, ` ${label}`))));
  return make("ul", {class: "rows"}, items);
}

// A text with its addresses as links; they open beside this page, and say nothing of it.
function linked(text) {
  return text.split(/(https?:\/\/[^\s)]+)/).map((part, place) =>
    place % 2 ? make("a", {href: part, target: "_blank", rel: "noopener noreferrer"}, part) : part);
}

function drawn(blocks) {
  return blocks.filter(({rows}) => rows[0]?.text !== ABOUT.disclaimer).map(block => {
    const rows = rowsOf(block);
    if (block.folded) return make("details", {}, make("summary", {}, block.title), rows);
    return make("div", {}, block.title && make("h3", {}, block.title), rows);
  });
}

function saving(name, content, type, label) {
  const button = make("button", {type: "button"}, label);
  button.addEventListener("click", () => save(name, content, type));
  return button;
}

function save(name, content, type) {
  const link = make("a", {href: URL.createObjectURL(new Blob([content], {type})), download: name});
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const TYPES = {
  csv: "text/csv", html: "text/html", json: "application/json", ics: "text/calendar",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};
const savingAs = (stem, format, content, label) => saving(`${stem}.${format}`, content, TYPES[format], label);

function problemsOf(problems, form) {
  const named = new Set(all("[name]", form).map(one => one.name));
  const own = problems.filter(({field: name}) => !named.has(name)).map(({message}) => message);
  const there = problems.filter(({field: name}) => named.has(name)).map(({field: name}) => labelOf(name));
  return [...own, ...there.length ? [`Please look at: ${there.map(name => `“${name}”`).join(", ")}.`] : []].join(" ");
}

// What is asked again whenever a form changes: one question at a time, and the newest one last.
function live(form, panel, asking) {
  let timer, busy = false, again = false;
  async function run() {
    if (!worker || !ready) return;
    if (busy) { again = true; return; }
    busy = true;
    try {
      await asking();
    } catch (error) {
      faulty(panel, error);
    }
    busy = false;
    if (again) { again = false; await run(); } else if (!timer) panel.removeAttribute("aria-busy");
  }
  const soon = () => {
    panel.setAttribute("aria-busy", "true");
    clearTimeout(timer);
    timer = setTimeout(() => { timer = 0; run(); }, 150);
  };
  for (const kind of ["input", "change", "focusout"]) form.addEventListener(kind, soon);
  form.addEventListener("reset", () => setTimeout(() => {
    all("[id$=-answer]", form).forEach(one => one.dispatchEvent(new Event("change")));
    all("input[type=radio]:checked", form).forEach(one => one.dispatchEvent(new Event("change")));
    soon();
  }));
  return run;
}

const contents = async input => Promise.all([...input.files].map(async file => [file.name, new Uint8Array(await file.arrayBuffer())]));

async function checkTrip() {
  const form = find("#trip-form"), panel = find("#verdict"), target = find("#trip-answer"), box = find("#trip-json");
  const {strict, ...trip} = stated(form);
  const blank = Object.values(trip).every(value => !value.length);
  if (blank && !unfinished(form).length) {
    headline(panel, "blank", "The verdict stands here while you type.", make("p", {}, "Start with the country, the dates, and the cluster of the host."));
    note(form, {});
    target.replaceChildren();
    box.hidden = true;
    return;
  }
  const told = await ask("check", {trip, strict, ...stage()}, await contents(find("#trip-history")));
  note(form, told);
  const wrong = told.problems ?? unfinished(form).map(one => ({field: one.name}));
  if (wrong.length) {
    headline(panel, "blank", "No verdict yet.", make("p", {}, problemsOf(wrong, form)));
    target.replaceChildren();
    box.hidden = true;
    return;
  }
  const [first, decided, ...rest] = told.blocks;
  headline(panel, told.outcome, first.title, ...inBrief(decided), make("p", {}, make("a", {href: "#why"}, "Why, and what to do")));
  target.replaceChildren(make("h3", {id: "why", tabindex: "-1"}, "The verdict"), rowsOf(first), ...drawn([decided]), ...needed(told.needed),
    ...drawn(rest.filter(block => !block.folded)), ...drawn(rest.filter(block => block.folded)));
  find("pre", box).textContent = told.json;
  box.json = told.json;
  box.hidden = false;
}

// The first reason and the first thing to do, where there is one.
function inBrief({rows}) {
  const wanted = [["✘", "?"], ["→"]].map(marks => rows.find(row => marks.includes(row.mark))?.text);
  return wanted.filter(text => text).map(text => make("p", {class: "brief"}, text));
}

// Buttons that lead to the fields that would settle an open verdict.
function needed(names) {
  const buttons = names.filter(name => find(`#trip-${name}, #trip-${name}-answer`)).map(name => {
    const button = make("button", {type: "button"}, `Fill in: ${labelOf(name)}`);
    button.addEventListener("click", () => {
      const wanted = find(`#trip-${name}-answer`) ?? find(`#trip-${name}`);
      for (let around = wanted; around; around = around.parentElement) if (around.localName === "details") around.open = true;
      (wanted.localName === "fieldset" ? find("input", wanted) : wanted).focus();
    });
    return button;
  });
  return buttons.length ? [make("div", {class: "save"}, buttons)] : [];
}

async function checkTable(formats) {
  const form = find("#table-form"), panel = find("#table-verdict"), target = find("#table-answer");
  const tables = await contents(find("#tables")), histories = await contents(find("#table-history"));
  if (!tables.length) { panel.replaceChildren(); target.replaceChildren(); return; }
  say(formats ? "Making the report …" : "Checking the table …", true);
  const asked = {...stated(form), ...stage(), histories: histories.length, formats};
  const told = await ask("table", asked, [...tables, ...histories]).finally(() => say("Ready."));
  if (told.problems) {
    headline(panel, "fault-found", "✘ This table cannot be checked.", make("p", {}, told.problems.map(({message}) => message).join(" ")));
    target.replaceChildren();
    return;
  }
  const stem = tables[0][0].replace(/\.[^.]*$/, "") || "trips";
  if (formats) {
    for (const format of formats) find(`[data-format=${format}]`, target).replaceWith(...shownAs(format, told[format], stem));
    return;
  }
  const [first, ...rest] = told.blocks;
  headline(panel, "blank", first.title);
  const unused = told.unused.length ? [make("p", {}, `Columns that are not used: ${told.unused.join(", ")}.`)] : [];
  const later = (format, label) => {
    const button = make("button", {type: "button", "data-format": format}, label);
    button.addEventListener("click", () => run.table([format]));
    return button;
  };
  target.replaceChildren(
    make("div", {class: "save"}, savingAs(`${stem}-verdicts`, "csv", told.csv, "Save the verdicts as CSV (opens in Excel)"),
      ABOUT.workbook ? later("xlsx", "Make the workbook with the verdicts (.xlsx)") : "",
      later("json", "Make the JSON, for programs")),
    rowsOf(first), ...drawn(rest), ...unused,
    ...told.html ? shownAs("html", told.html, stem) : [
      make("h3", {}, "Report"), make("p", {}, `The table has ${told.rows.toLocaleString("en")} rows, so its report is a heavy page.`),
      later("html", "Make the report all the same")]);
}

function shownAs(format, content, stem) {
  const button = savingAs(`${stem}-verdicts`, format, content, {html: "Save the report", json: "Save as JSON", xlsx: "Save the workbook"}[format]);
  if (format !== "html") return [button];
  const page = new TextDecoder().decode(content);
  const frame = make("iframe", {title: "Report on the table", sandbox: "allow-scripts allow-popups", srcdoc: page});
  return [make("h3", {}, "Report"), make("div", {class: "save"}, button), frame];
}

function tableOf(heads, rows) {
  return make("table", {}, make("thead", {}, make("tr", {}, heads.map(head => make("th", {scope: "col"}, head)))),
    make("tbody", {}, rows.map(([first, ...rest]) => make("tr", {}, make("th", {scope: "row"}, first), rest.map(cell => make("td", {}, cell))))));
}

async function estimateVisit() {
  const form = find("#estimate-form"), panel = find("#estimate-verdict"), target = find("#estimate-answer");
  const {days, ...trip} = stated(form);
  const told = await ask("estimate", {trip, days, ...rules()});
  note(form, told);
  if (told.problems) {
    headline(panel, "blank", "No estimate yet.", make("p", {}, problemsOf(told.problems, form)));
    target.replaceChildren();
    return;
  }
  const [first, ...rest] = told.blocks;
  headline(panel, "blank", first.title);
  const tables = [];
  if (told.entries.length) tables.push(tableOf(told.entries[0].length > 2 ? ["Country", "Half sum, EUR", "Full sum, EUR"] : ["Country", "EUR"], told.entries));
  if (told.tiers.length) tables.push(make("h3", {}, "By days"), tableOf(["Stay", "EUR"], told.tiers));
  target.replaceChildren(rowsOf(first), ...tables, ...drawn(rest), make("div", {class: "save"},
    savingAs("estimate", "csv", told.csv, "Save as CSV"), savingAs("estimate", "json", told.json, "Save as JSON")));
}

async function findDates(everything = false) {
  const form = find("#plan-form"), panel = find("#plan-verdict"), target = find("#plan-answer");
  const {days, ...trip} = stated(form);
  if (!(trip.host_country && trip.earliest && trip.latest)) {
    headline(panel, "blank", "The dates stand here while you type.", make("p", {}, "Fill in the country of the host, and the first and the last possible day."));
    note(form, {});
    target.replaceChildren();
    return;
  }
  const asked = {trip, days, ...rules(), more: everything};
  const told = await ask("plan", asked);
  note(form, told);
  if (told.problems) {
    headline(panel, "blank", "No dates yet.", make("p", {}, problemsOf(told.problems, form)));
    target.replaceChildren();
    return;
  }
  if (!told.total) {
    headline(panel, told.undecided ? "undecided" : "not-eligible", told.undecided ? "? No stay in this time can be promised" : "✘ No stay in this time meets the rules");
  } else {
    headline(panel, "eligible", `✔ ${told.total === 1 ? "1 stay meets" : `${told.total} stays meet`} the rules`);
  }
  const shown = stay => {
    const button = make("button", {type: "button", "aria-label": `Save for a calendar: ${stay.days}`}, "Save for a calendar");
    button.addEventListener("click", async () => save("visit.ics", (await ask("calendar", {...asked, pick: stay.place})).ics, TYPES.ics));
    const months = make("details", {}, make("summary", {}, "Show it in a calendar"));
    months.addEventListener("toggle", async () => {
      if (months.open && months.children.length === 1) months.append(...monthsOf(await ask("months", {...asked, pick: stay.place})));
    });
    return [make("p", {}, make("strong", {}, stay.days)), make("p", {}, stay.brings), make("p", {class: "hint"}, stay.counted),
      stay.notes.map(sentence => make("p", {}, `! ${sentence}`)), months, button];
  };
  const more = make("button", {type: "button"}, `Show ${told.more === told.total ? "all" : "the best"} ${told.more}`);
  more.addEventListener("click", () => findDates(true));
  const said = (title, sentences) => sentences.length ? [make("h3", {}, title), listOf(sentences)] : [];
  target.replaceChildren(...told.why.map(sentence => make("p", {}, sentence)),
    make("ol", {class: "stays"}, told.stays.map(stay => make("li", {}, shown(stay)))),
    ...told.more > told.stays.length ? [more] : [],
    ...told.safer ? [make("h3", {}, "If only working days count"),
      make("p", {}, `None of the stays above then brings the same. The best one that does is number ${told.safer.place} of all:`),
      make("div", {class: "stay"}, shown(told.safer))] : [],
    ...said("Please note", told.notes), ...said("Assumed, because it is not stated", told.assumed),
    make("div", {class: "save"}, savingAs("plan", "csv", told.csv, "Save as CSV"), savingAs("plan", "json", told.json, "Save as JSON")));
}

// The months of a stay. What a day is, a mark and a colour show, and words say.
function monthsOf({months, holidays}) {
  const marks = {arrival: [">", ""], departure: ["", "<"], "on site": ["[", "]"]}, kinds = {weekend: "·", "public holiday": "*"};
  const seen = text => make("span", {"aria-hidden": "true"}, text);
  const cell = found => {
    if (!found) return make("td", {});
    const [before, behind] = marks[found.during] ?? ["", ""], said = [found.during, found.kind].filter(word => word).join(", ");
    return make("td", {class: found.during.replace(" ", "-")}, before && seen(before), String(found.day),
      said && make("span", {class: "unseen"}, ` ${said}`), (behind || found.kind) && seen(`${behind}${kinds[found.kind] ?? ""}`));
  };
  const heads = () => ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"].map(name => make("th", {scope: "col"}, name));
  return [...months.map(({title, weeks}) => make("table", {class: "month"}, make("caption", {}, title), make("thead", {}, make("tr", {}, heads())),
    make("tbody", {}, weeks.map(week => make("tr", {}, week.map(cell)))))),
    make("p", {class: "hint"}, `> arrival, [ ] on site, < departure, · weekend, * public holiday. ${holidays}`)];
}

const listOf = sentences => make("ul", {class: "rows"}, sentences.map(sentence => make("li", {}, make("span", {}, sentence))));

// The other forms, of the same fields.

const named = name => ABOUT.fields.find(one => one.name === name);
function makeOtherForms() {
  const days = () => field("Days on site", "As the rulebook counts them. Leave it blank if you fill in the dates.",
    make("input", {type: "text", inputmode: "numeric", name: "days"}));
  find("#estimate-form").append(...[
    fieldFor(named("host_country"), "estimate", {hint: "Leave it blank for every country."}),
    fieldFor(named("visitor_country"), "estimate"), [days()], datesOf("estimate")].flat());
  const whole = {...named("arrival"), hint: ""};
  find("#plan-form").append(...[
    fieldFor(named("host_country"), "plan"), fieldFor(named("visitor_country"), "plan"),
    fieldFor(whole, "plan", {name: "earliest", label: "First possible day of arrival"}),
    fieldFor(whole, "plan", {name: "latest", label: "Last possible day of departure"}),
    [field("Exactly so many days on site", "As the rulebook counts them. It may be left blank.", make("input", {type: "text", inputmode: "numeric", name: "days"}))],
  ].flat());
}

// A fault of the program: its last line says what, and who made the page wants to know.
function faulty(panel, error) {
  const what = error.message.trim().split("\n").pop();
  headline(panel, "fault-found", "✘ This page has a fault.", make("p", {}, `Please tell whoever gave it to you: ${what}`));
}

const run = {};

function wire() {
  run.trip = live(find("#trip-form"), find("#verdict"), checkTrip);
  run.estimate = live(find("#estimate-form"), find("#estimate-verdict"), estimateVisit);
  run.plan = live(find("#plan-form"), find("#plan-verdict"), () => findDates());
  run.table = async formats => {
    if (!ready) return;
    try {
      await checkTable(formats);
    } catch (error) {
      faulty(find("#table-verdict"), error);
    }
  };
  find("#table-form").addEventListener("change", () => run.table());
  find("#rules").addEventListener("change", () => {
    const payment = find("#stage").value === "payment";
    find("#todays").hidden = find("#payment-fields").hidden = !payment;
    for (const one of Object.values(run)) one();
  });
  find("[data-save=json]").addEventListener("click", () => save("verdict.json", find("#trip-json").json, TYPES.json));
  find("[data-call=template]").addEventListener("click", async () =>
    save("trips.xlsx", (await ask("template", stage())).xlsx, TYPES.xlsx));
  const drop = find("#drop");
  const over = event => { event.preventDefault(); drop.classList.toggle("over", event.type === "dragover"); };
  for (const kind of ["dragover", "dragleave", "drop"]) document.addEventListener(kind, over);
  document.addEventListener("drop", event => {
    if (!event.dataTransfer.files.length) return;
    find("#tables").files = event.dataTransfer.files;
    location.hash = "#table";
    run.table();
  });
  for (const form of all("form")) form.addEventListener("submit", event => event.preventDefault());
}

function show() {
  const sections = all("main > section"), wanted = sections.find(one => `#${one.id}` === location.hash);
  if (!wanted && location.hash) return;  // a place in this section
  for (const section of sections) section.hidden = section !== (wanted ?? sections[0]);
  find("#stages").hidden = ["estimate", "plan"].includes(wanted?.id);
  find("#todays").hidden = find("#stages").hidden || find("#stage").value !== "payment";
  for (const link of all("nav a")) {
    if (link.hash === `#${(wanted ?? sections[0]).id}`) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  }
}

find("#rulebook").append(...ABOUT.rulebooks.map(({value, label}) => make("option", {value}, label)));
find("#date-format").append(...["YYYY-MM-DD", "DD.MM.YYYY", "DD/MM/YYYY", "D.M.YYYY", "MM/DD/YYYY"].map(form => make("option", {value: form}, form)));
find("#countries").append(...ABOUT.countries.map(name => make("option", {value: name})));
const now = new Date();
find("#today").value = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map(part => String(part).padStart(2, "0")).join("-");
find("#disclaimer").textContent = ABOUT.disclaimer;
find("#version").textContent = `cxc ${ABOUT.version}`;
makeTripForm();
makeOtherForms();
wire();
window.addEventListener("hashchange", show);
show();
checkTripBlank();
say("Loading: this takes up to ten seconds. You can fill in the form meanwhile.", true);

function checkTripBlank() {
  headline(find("#verdict"), "blank", "The verdict stands here while you type.", make("p", {}, "Start with the country, the dates, and the cluster of the host."));
}

// The parts stand behind this script, and are there once the whole page is.
addEventListener("DOMContentLoaded", () => {
  begin().then(() => Promise.all(Object.values(run).map(one => one())), error => say(`This page cannot start. ${error.message}`));
});
