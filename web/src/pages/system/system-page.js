// The machine at work: workers, queue, measured speeds, versions, disk.
import { html } from "htm/preact";
import { getSystem } from "../../api.js";
import { LoadNote } from "../../components/notes.js";
import { PageTitle } from "../../components/page-title.js";
import { useLoaded } from "../../data/load.js";
import * as format from "../../logic/format.js";
import { href } from "../../router.js";

const EVERY_MS = 2000;

/** @param {{facts: [string, unknown][]}} props */
function Facts({ facts }) {
  return html`<dl class="facts">
    ${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
  </dl>`;
}

/** @param {{id: number}} props */
const RunLink = ({ id }) => html`<a href=${href(["runs", String(id)])}>Run ${id}</a>`;

/** @param {{system: SystemInfo}} props */
function Workers({ system }) {
  return html`<section class="card">
    <h2>Workers</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">Worker</th><th scope="col">Trains</th>
          <th scope="col" class="num">Samples/s</th>
        </tr>
      </thead>
      <tbody>
        ${system.workers.map(
          (worker, i) => html`<tr key=${i}>
            <th scope="row">${i + 1}</th>
            <td>${worker.run ? html`<${RunLink} id=${worker.run} />` : "idle"}</td>
            <td class="num">${worker.run ? format.rate(worker.samples_per_second) : "–"}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

/** @param {{speeds: Speed[]}} props */
function Speeds({ speeds }) {
  if (!speeds.length)
    return html`<section class="card">
      <h2>Measured speed</h2>
      <p class="muted">Nothing measured yet. The first run fills this table.</p>
    </section>`;
  return html`<section class="card wide-card">
    <h2>Measured speed</h2>
    <div class="table-scroll" tabindex="0" role="region" aria-label="Measured speed">
      <table>
        <thead>
          <tr>
            <th scope="col">Run</th><th scope="col">Dataset</th><th scope="col">Layers</th>
            <th scope="col" class="num">Parameters</th><th scope="col" class="num">Batch</th>
            <th scope="col" class="num">Samples/s</th>
          </tr>
        </thead>
        <tbody>
          ${speeds.map(
            (speed, i) => html`<tr key=${i}>
              <td><${RunLink} id=${speed.run} /></td>
              <td>${speed.dataset}</td>
              <td>${speed.layers}</td>
              <td class="num">${format.count(speed.parameters)}</td>
              <td class="num">${format.count(speed.batch_size)}</td>
              <td class="num">${format.rate(speed.samples_per_second)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

/** @param {{system: SystemInfo}} props */
function Overview({ system }) {
  const { queue, engine, disk, events } = system;
  return html`<div class="system-cards">
    <${Workers} system=${system} />
    <section class="card">
      <h2>Queue</h2>
      <${Facts}
        facts=${[
          ["Running", format.count(queue.running)],
          [
            "Queued",
            `${format.count(queue.queued)} of at most ${format.count(queue.limit)}`,
          ],
          ["Paused", format.count(queue.paused)],
        ]}
      />
    </section>
    <section class="card">
      <h2>Sweetspot</h2>
      <${Facts}
        facts=${[
          ["Version", `${system.version.version} (${system.version.revision})`],
          ["Up for", format.seconds(system.uptime_seconds)],
          ["Matrix products", engine.backend],
          ["Processor", engine.cpu],
          ["Compiler", system.version.compiler],
          ["System", engine.os],
        ]}
      />
    </section>
    <section class="card">
      <h2>Disk</h2>
      <${Facts}
        facts=${[
          ["Database", format.bytes(disk.database_bytes)],
          ["Free", format.bytes(disk.free_bytes)],
          ["Folder", disk.data_dir],
        ]}
      />
    </section>
    <section class="card">
      <h2>Live events</h2>
      <${Facts}
        facts=${Object.entries(events).map(([name, value]) => [
          format.label(name),
          format.isNumber(value) ? format.count(value) : String(value),
        ])}
      />
    </section>
    <${Speeds} speeds=${system.speed} />
  </div>`;
}

export function SystemPage() {
  const { value, error, reload } = useLoaded(getSystem, [], EVERY_MS);
  return html`<div class="page-head"><${PageTitle} title="System" /></div>
    ${
      value
        ? html`<${Overview} system=${value} />`
        : html`<${LoadNote} error=${error} what="the system's state" onRetry=${reload} />`
    }`;
}
