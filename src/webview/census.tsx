import { figuresOf } from "../census/figures.ts";
import type { Census } from "../model/census.ts";
import type { CensusHost, CensusRow } from "../model/panelProtocol.ts";
import { FamilyList } from "./censusFamilies.tsx";
import { FolderChoice, NothingYet, Progress, rowOf } from "./indexPanel.tsx";
import { drawPanel } from "./panel.tsx";
import "./census.css";

const initial = { folder: "", tests: false, open: [] as string[] };

drawPanel<CensusRow, CensusHost, typeof initial>(initial, ({ rows, host, view, setView }) => {
  const row = rowOf(rows, view.folder);
  const census = view.tests ? row?.content?.withTests : row?.content?.apart;
  if (row === undefined || census === undefined || (census.agents === 0 && census.tests.agents === 0))
    return <NothingYet row={row} refresh={() => void host.refresh()} />;
  const asked = { folder: row.folder, tests: view.tests };
  const toggle = (id: string) =>
    setView({
      ...view,
      open: view.open.includes(id) ? view.open.filter((other) => other !== id) : [...view.open, id],
    });
  return (
    <>
      <header>
        <FolderChoice
          rows={rows}
          value={row.folder ?? ""}
          onChange={(folder) => setView({ ...view, folder })}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={view.tests}
            onChange={(event) => setView({ ...view, tests: event.currentTarget.checked })}
          />
          Count test files
        </label>
        <Progress row={row} />
        <span class="actions">
          <button
            type="button"
            class="secondary"
            onClick={() => void host.export({ ...asked, format: "markdown" })}
          >
            Export as Markdown
          </button>
          <button
            type="button"
            class="secondary"
            onClick={() => void host.export({ ...asked, format: "json" })}
          >
            Export as JSON
          </button>
        </span>
      </header>
      <Tiles census={census} />
      <section>
        <h2>Families</h2>
        <FamilyList
          families={census.families}
          standalone={census.standalone}
          open={view.open}
          onToggle={toggle}
          onOpen={({ folder, file_path, lineno, name }) =>
            void host.open({ folder, file_path, lineno, name })
          }
          folders={census.folders.length > 1}
        />
      </section>
      <Meanings census={census} />
    </>
  );
});

function Tiles({ census }: { census: Census }) {
  return (
    <>
      {figuresOf(census).map(({ title, figures }) => (
        <section key={title}>
          <h2>{title}</h2>
          <dl class="tiles">
            {figures.map(({ id, label, value, detail, meaning }) => (
              <div key={id} class={value === 0 ? "tile none" : "tile"} data-figure={id} title={meaning}>
                <dt>{label}</dt>
                <dd class="value">{value.toLocaleString("en")}</dd>
                <dd class="dim">{detail}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </>
  );
}

function Meanings({ census }: { census: Census }) {
  return (
    <details class="meanings">
      <summary>What is counted</summary>
      <dl>
        {figuresOf(census)
          .flatMap(({ figures }) => figures)
          .map(({ id, label, meaning }) => (
            <div key={id}>
              <dt>{label}</dt>
              <dd class="dim">{meaning}</dd>
            </div>
          ))}
      </dl>
    </details>
  );
}
