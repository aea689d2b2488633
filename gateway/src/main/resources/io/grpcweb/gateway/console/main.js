// Puts the parts of the page together.
import { Call } from "./calls.js";
import { copy } from "./copy.js";
import { button, byId } from "./dom.js";
import { History } from "./history.js";
import { loadRecent } from "./recent.js";
import { Recordings } from "./recordings.js";
import { RequestPanel } from "./request.js";
import { Services } from "./services.js";
import { Gateway } from "./socket.js";

const MAY_CALL = "console-may-call";
const LINK = { waiting: "Connecting", open: "Connected", closed: "No connection" };

const gateway = new Gateway(linked);
const request = new RequestPanel(byId("request"), {
  begin(choice, given) {
    const call = new Call(gateway, choice, given, changed);
    history.add(call);
    showAnswer(call);
    return call;
  },
  copy: (kind, choice, given, sent) => copy(gateway, byId("snippet"), kind, choice, given, sent),
});
const services = new Services(gateway, byId("clusters"), byId("filter"), choose);
const history = new History(byId("history"), byId("history-clear"), reopen);
const recordings = new Recordings(gateway, byId("recorded"), byId("recordings"), showRecording);

function choose(choice) {
  services.mark(choice);
  byId("welcome").hidden = true;
  showAnswer(null);
  request.show(choice);
  byId("main").focus({ preventScroll: true });
}

/** A call of earlier, with its request, and its answer where that is still here. */
function reopen(entry) {
  const choice = entry.call?.choice ?? services.find(entry.cluster, entry.path);
  if (!choice) {
    byId("link").textContent = `The services of ${entry.cluster} are not loaded: open the cluster first`;
    return;
  }
  choose(choice);
  request.show(choice, entry.call?.request ?? { ...entry, metadata: [] }, entry.call ?? null);
  showAnswer(entry.call ?? null);
}

function showAnswer(call) {
  const place = byId("answer");
  place.replaceChildren(...(call ? [call.answer.element] : []));
  place.hidden = !call;
}

/** A call of somebody else: there is nothing to send. */
function showRecording(element) {
  byId("welcome").hidden = true;
  byId("request").hidden = true;
  byId("answer").replaceChildren(element);
  byId("answer").hidden = false;
  byId("main").focus({ preventScroll: true });
}

function changed(call) {
  history.changed();
  if (request.call === call) request.update();
  if (!call.isRunning && call.state !== "OK") loadRecent(byId("recent"));
}

async function linked(state) {
  byId("link").dataset.state = state;
  byId("link").textContent = LINK[state];
  if (state !== "open") {
    request.permit(false);
    return;
  }
  permission(sessionStorage.getItem(MAY_CALL) === "yes");
  recordings.load();
  try {
    await services.load();
  } catch (error) {
    byId("link").textContent = error.message;
  }
}

/** A page only looks until the person in front of it has said that it may call; that holds for this tab. */
async function permission(may) {
  const place = byId("permission");
  if (may) {
    await gateway.ask("confirm");
    place.replaceChildren("This page may call backends.");
  } else {
    const allow = button("Let it call backends", () => {
      sessionStorage.setItem(MAY_CALL, "yes");
      permission(true);
    }, { id: "allow", class: "primary" });
    place.replaceChildren("This page only looks so far.", allow);
  }
  request.permit(may);
}

byId("recorded-load").addEventListener("click", () => recordings.load());
byId("recent-load").addEventListener("click", () => loadRecent(byId("recent")));
loadRecent(byId("recent"));
gateway.open();
