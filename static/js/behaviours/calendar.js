// The calendar of visits. The page says whose (data-visits, the feed's address), in which language, what "now" is for the
// reader, and the sentences; times are the reader's own and carry no zone. A planned visit is moved by the API, which
// refuses what has changed meanwhile or is not allowed: then it goes back and the sentence is shown.

import { Calendar } from "fullcalendar";
import dayGrid from "fullcalendar/daygrid";
import interaction from "fullcalendar/interaction";
import list from "fullcalendar/list";
import chinese from "fullcalendar/locales/zh-cn";
import classic from "fullcalendar/themes/classic";
import timeGrid from "fullcalendar/timegrid";

const PHONE = "(width < 576px)";

export default function calendar(element, { htmx, toast }) {
  const { words: sentences, visits: feed, plan, log, language, now, on } = element.dataset;
  const words = JSON.parse(sentences);
  const started = Date.now();
  // The reader's clock on the wall, written as if it were UTC: FullCalendar then neither knows nor changes a zone.
  const clock = () => new Date(Date.parse(`${now}Z`) + Date.now() - started);
  const naive = (date) => date.toISOString().slice(0, 19);

  const isPhone = matchMedia(PHONE).matches;
  const shown = new Calendar(element, {
    plugins: [classic, dayGrid, timeGrid, list, interaction],
    locales: [chinese],
    locale: language === "zh-hans" ? "zh-cn" : "en-gb",
    firstDay: 1,
    timeZone: "UTC",
    now: clock,
    initialDate: on || naive(clock()).slice(0, 10),
    initialView: isPhone ? "listWeek" : "dayGridMonth",
    headerToolbar: { start: "prev,today,next", center: "title", end: "dayGridMonth,timeGridWeek,listWeek" },
    toolbarTitleClass: "calendar-title",
    buttonGroupClass: "calendar-buttons",
    buttonClass: ({ isSelected }) => (isSelected ? "calendar-button calendar-button-on" : "calendar-button"),
    height: "auto",
    allDaySlot: false,
    slotMinTime: "07:00",
    slotMaxTime: "21:00",
    nowIndicator: true,
    // In the seventh part of a phone no name can be read: a day of several visits says how many, and opens as a list.
    dayMaxEvents: isPhone ? false : 5,
    dayMaxEventRows: isPhone ? 1 : false,
    moreLinkClass: "calendar-more",
    moreLinkClick: isPhone ? "listDay" : "popover",
    eventDisplay: "block",
    displayEventEnd: false,
    views: { timeGridWeek: { displayEventEnd: true } },
    rowEventTitleClass: "calendar-name",
    listDayHeaderClass: "calendar-list-day",
    listItemEventTimeClass: "calendar-list-time",
    eventTimeFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
    noEventsText: words.none,
    eventDurationEditable: false,
    eventSources: [load],
    eventClass: classes,
    backgroundEventClass: classes,
    eventDidMount({ event, el }) {
      if (event.extendedProps.told) el.title = event.extendedProps.told;
    },
    // A column's name is read out as it is written; FullCalendar hides it behind a label that not every reader takes.
    dayHeaderDidMount: ({ el }) => el.querySelector("[aria-hidden]")?.removeAttribute("aria-hidden"),
    dateClick: open,
    eventClick: record,
    eventDrop: moved,
  });

  function classes({ event }) {
    return event.extendedProps.classes ?? "";
  }

  async function load({ startStr, endStr }) {
    const address = new URL(feed, location.href);
    address.searchParams.set("start", startStr.slice(0, 10));
    address.searchParams.set("end", endStr.slice(0, 10));
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const { visits, days, cut } = await answer.json();
    if (cut) toast(words.cut, "warn");
    return [...visits.map(asEvent), ...days.map(asShade)];
  }

  function asEvent(visit) {
    const start = new Date(`${visit.at}Z`);
    const end = new Date(start.getTime() + visit.minutes * 60_000);
    return {
      id: String(visit.id),
      title: [visit.done ? "✓" : "", visit.account, visit.owner && `· ${visit.owner}`].filter(Boolean).join(" "),
      start: naive(start),
      end: naive(end),
      url: visit.url,
      startEditable: visit.movable,
      extendedProps: {
        version: visit.version,
        moveUrl: visit.move_url,
        recordUrl: visit.record_url,
        told: [visit.kind, visit.purpose].filter(Boolean).join(" · "),
        classes: ["calendar-visit", visit.done && "calendar-done", visit.movable && "calendar-movable"].filter(Boolean).join(" "),
      },
    };
  }

  function asShade({ day, works, name }) {
    return {
      start: day,
      allDay: true,
      display: "background",
      title: works ? words.works : name,
      extendedProps: { classes: works ? "calendar-works" : "calendar-off" },
    };
  }

  /** An empty place: plan a visit there, or log one on a day that has passed. */
  function open({ dateStr, allDay }) {
    const past = dateStr.slice(0, 10) < naive(clock()).slice(0, 10);
    const address = past ? log : plan;
    if (!address) return;
    const moment = allDay ? dateStr.slice(0, 10) : dateStr.slice(0, 16);
    htmx.ajax("GET", `${address}?on=${moment}`, { target: "#sheet", swap: "innerHTML" });
  }

  /** A visit of one's own that has come to its day is written up by one tap; any other one is opened, as its link says. */
  function record({ event, jsEvent }) {
    const { recordUrl } = event.extendedProps;
    if (!recordUrl || jsEvent.ctrlKey || jsEvent.metaKey || jsEvent.shiftKey) return;
    jsEvent.preventDefault();
    htmx.ajax("GET", recordUrl, { target: "#sheet", swap: "innerHTML" });
  }

  async function moved({ event, revert }) {
    const { moveUrl, version } = event.extendedProps;
    const csrf = document.querySelector('meta[name="csrf-token"]').content;
    const answer = await fetch(moveUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf, "If-Match": `"${version}"` },
      body: JSON.stringify({ at: naive(event.start) }),
    }).catch(() => null);
    const said = answer ? await answer.json().catch(() => ({})) : {};
    if (answer?.ok) {
      event.setExtendedProp("version", said.version);
      toast(words.moved, "good");
      return;
    }
    revert();
    toast(answer?.status === 412 ? words.conflict : (said.error?.message ?? words.offline), "bad");
    if (answer?.status === 412 || answer?.status === 404) shown.refetchEvents();
  }

  const again = () => shown.refetchEvents();
  document.body.addEventListener("visit:changed", again);
  shown.render();
  return () => {
    document.body.removeEventListener("visit:changed", again);
    shown.destroy();
  };
}
