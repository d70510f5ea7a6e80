import type { MigrationReport, ReportedClass } from "../model/migrationReport.ts";
import type { MigrationReportHost } from "../model/panelProtocol.ts";
import { drawPanel } from "./panel.tsx";
import { Empty, Filter, Notes, Time, useNow } from "./parts.tsx";
import "./migrationReport.css";

const initial = { folder: "" };

const groups = [
  { status: "failed", title: "Failed" },
  { status: "migrated", title: "Migrated" },
  { status: "undone", title: "Undone" },
  { status: "skipped", title: "Left as they are" },
] as const;

drawPanel<MigrationReport, MigrationReportHost, typeof initial>(initial, ({ rows, host, view, setView }) => {
  const now = useNow();
  const report = rows.find(({ folder }) => folder === view.folder) ?? rows[0];
  if (report === undefined) {
    return (
      <Empty title="No migration yet">
        <p>
          Migrate Workspace… plans every agent class, lets you choose among them and look at each difference,
          and reports here what became of them.
        </p>
        <button type="button" class="primary" onClick={() => void host.migrateWorkspace()}>
          Migrate Workspace…
        </button>
      </Empty>
    );
  }
  const { folder, classes, notes, time } = report;
  const count = (status: ReportedClass["status"]) => classes.filter((each) => each.status === status).length;
  const tiles = groups.filter(({ status }) => status !== "undone" || count(status) > 0);
  const open = ({ file_path, name }: ReportedClass) =>
    void host.open({ folder, file_path, name, lineno: null });
  return (
    <>
      <header>
        {rows.length > 1 && (
          <Filter
            label="Folder"
            all={rows[0]?.folder ?? ""}
            options={rows.slice(1).map((row) => row.folder)}
            value={folder === rows[0]?.folder ? "" : folder}
            onChange={(value) => setView({ ...view, folder: value })}
          />
        )}
        <span class="dim" role="status">
          {folder} · <Time iso={time} now={now} brief />
        </span>
        <span class="actions">
          <button type="button" class="secondary" onClick={() => void host.save(folder)}>
            Save as Markdown…
          </button>
          {count("migrated") > 0 && (
            <button type="button" class="secondary" onClick={() => void host.undo(folder)}>
              Undo All
            </button>
          )}
        </span>
      </header>
      <dl class="tiles">
        {tiles.map(({ status, title }) => (
          <div key={status} class={`tile ${status} ${count(status) === 0 ? "none" : ""}`} data-count={status}>
            <dt>{title}</dt>
            <dd class="value">{count(status).toLocaleString("en")}</dd>
          </div>
        ))}
      </dl>
      <Notes notes={notes} />
      <Check report={report} />
      {groups.map(({ status, title }) => (
        <Classes
          key={status}
          title={title}
          classes={classes.filter((each) => each.status === status)}
          open={open}
        />
      ))}
    </>
  );
});

interface ClassesProps {
  title: string;
  classes: readonly ReportedClass[];
  open: (each: ReportedClass) => void;
}

function Classes({ title, classes, open }: ClassesProps) {
  if (classes.length === 0) return null;
  return (
    <section>
      <h2>
        {title} <span class="dim">{classes.length}</span>
      </h2>
      <ul class="classes">
        {classes.map((each) => (
          <li key={`${each.file_path}#${each.name}`}>
            <button type="button" class="link" onClick={() => open(each)}>
              {each.name}
            </button>
            <span class="dim path" title={each.file_path}>
              {each.file_path}
            </span>
            <span class="what">{each.reason ?? each.adapter ?? ""}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Check({ report: { check, classes } }: { report: MigrationReport }) {
  if (check === null) {
    const written = classes.some(({ status }) => status === "migrated");
    return written ? <p class="dim">Not verified by a type checker.</p> : null;
  }
  return (
    <section>
      <h2>Type errors</h2>
      <table aria-label="Type errors by project">
        <thead>
          <tr>
            {["Project", "Compiler", "Before", "After"].map((title, index) => (
              <th key={title} scope="col" class={index > 1 ? "numeric fit" : index === 1 ? "fit" : ""}>
                <span>{title}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {check.projects.map(({ config, compiler, before, after }) => (
            <tr key={config}>
              <td>
                <code>{config}</code>
              </td>
              <td class="fit">
                TypeScript {compiler.version}{" "}
                <span class="dim">
                  {compiler.origin === "project" ? "of the project" : "of OPSVI Agents: the project has none"}
                </span>
              </td>
              <td class="numeric fit">{before.toLocaleString("en")}</td>
              <td class={`numeric fit ${after > before ? "state error" : ""}`}>
                {after.toLocaleString("en")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {check.unchecked.length > 0 && (
        <p class="dim">Belong to no project, so that no compiler knows them: {check.unchecked.join(", ")}.</p>
      )}
    </section>
  );
}
