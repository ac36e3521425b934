// The list and the vote page in React, as one would begin them.
import { StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import * as api from "../api.js";
import "../style.css";

function useAnswer(ask, ...dependencies) {
  const [answer, setAnswer] = useState(null);
  useEffect(() => {
    let current = true;
    ask().then((said) => current && setAnswer(said));
    return () => {
      current = false;
    };
  }, dependencies);
  return answer;
}

function Choice({ name, label, options, onChange }) {
  return (
    <label>
      {label}{" "}
      <select name={name} onChange={onChange}>
        {options.map(([value, title]) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

function List() {
  const [filter, setFilter] = useState({});
  const outline = useAnswer(api.outline);
  const list = useAnswer(() => api.proposals(filter), filter);
  const narrow = (event) => {
    event.preventDefault();
    const form = event.currentTarget.form ?? event.currentTarget;
    setFilter(Object.fromEntries([...new FormData(form)].filter(([, value]) => value)));
  };
  return (
    <main>
      <h1>{outline?.title ?? "…"}</h1>
      <form role="search" onSubmit={narrow}>
        <label>
          Buscar <input type="search" name="q" />
        </label>
        <button>Buscar</button>
        <Choice
          name="level"
          label="Nivel"
          options={[["", "Todos"], ["national", "Nacional"], ["subnational", "Territorial"]]}
          onChange={narrow}
        />
        <Choice
          name="theme"
          label="Tema"
          options={[["", "Todos"], ...(outline?.themes ?? []).map(({ slug, title }) => [slug, title])]}
          onChange={narrow}
        />
        <Choice
          name="sort"
          label="Orden"
          options={[["number", "Número"], ["title", "Título"], ["comments", "Comentarios"]]}
          onChange={narrow}
        />
      </form>
      {list ? <p role="status">{list.total} propuestas</p> : <p>Cargando…</p>}
      {list?.items.map((proposal) => (
        <article key={proposal.id}>
          <h3>
            <a href={`/proposals/${proposal.id}`}>{proposal.title}</a>
          </h3>
          <p>{proposal.summary}</p>
          <p>
            {proposal.territory?.name ?? "Todo el país"} · {proposal.themes.map(({ title }) => title).join(" · ")} ·{" "}
            {proposal.comments.total} comentarios
          </p>
        </article>
      ))}
    </main>
  );
}

function Vote() {
  const paper = useAnswer(api.ballotPaper);
  const [chosen, setChosen] = useState([]);
  const [step, setStep] = useState("choose");
  const [receipt, setReceipt] = useState(null);
  if (!paper) return <p>Cargando…</p>;
  const { min, max } = paper.held.rule;
  const toggle = (id) =>
    setChosen(chosen.includes(id) ? chosen.filter((other) => other !== id) : chosen.length < max ? [...chosen, id] : chosen);
  const confirm = async () => {
    setReceipt((await api.cast(chosen)).ballot.receipt);
    setStep("received");
  };
  return (
    <main>
      <h1>{paper.title}</h1>
      <p>{paper.question}</p>
      {step === "choose" && (
        <>
          {paper.options.map((option) => (
            <label className="option" key={option.id}>
              <input type="checkbox" checked={chosen.includes(option.id)} onChange={() => toggle(option.id)} /> {option.title}
              <br />
              {option.description}
            </label>
          ))}
          <p role="status">
            {chosen.length} de {max}
          </p>
          <button type="button" disabled={chosen.length < min} onClick={() => setStep("review")}>
            Revisar
          </button>
        </>
      )}
      {step === "review" && (
        <>
          <h2>Revise su elección</h2>
          <ul>
            {paper.options.filter(({ id }) => chosen.includes(id)).map(({ id, title }) => (
              <li key={id}>{title}</li>
            ))}
          </ul>
          <button type="button" onClick={() => setStep("choose")}>
            Cambiar
          </button>
          <button type="button" onClick={confirm}>
            Confirmar
          </button>
        </>
      )}
      {step === "received" && <p>Recibido: {receipt}</p>}
    </main>
  );
}

createRoot(document.getElementById("root")).render(<StrictMode>{api.page === "vote" ? <Vote /> : <List />}</StrictMode>);
