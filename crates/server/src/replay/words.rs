//! What simulated citizens say: plain, civil sentences about the proposal before them.

use cabildo_contract::comment::Stance;
use cabildo_contract::proposal::ProposalSummary;
use fastrand::Rng;

const FOR: &[&str] = &[
    "Me parece una buena propuesta. Ojalá publiquen avances cada tres meses para poder seguirla.",
    "Estoy de acuerdo con «{title}». Es información que uno como ciudadano necesita y hoy cuesta encontrar.",
    "Apoyo esta propuesta porque acerca a {entity} a la gente.",
    "**A favor.** Si se cumple, en {place} se va a notar.",
    "Por fin algo que se puede medir. Sugiero que los datos salgan en formato abierto y con un diccionario sencillo.",
    "La apoyo. Pido que también piensen en quienes no tienen buena conexión: talleres en los barrios y en las veredas.",
    "Buena iniciativa. En mi grupo de veeduría la usaríamos desde el primer día.",
    "Sí, siempre que haya presupuesto para sostenerla después del primer año.",
    "Me gusta que {entity} se comprometa en público. Eso ya es un avance.",
    "Sería útil que explicaran en lenguaje claro:\n\n- qué se va a publicar\n- cada cuánto\n- quién responde las preguntas",
];

const NEUTRAL: &[&str] = &[
    "¿Cuáles serían las primeras metas y en qué fecha se podrían revisar?",
    "La idea suena bien, pero el resumen no dice cómo se va a medir. ¿Hay indicadores?",
    "¿{entity} ya tiene equipo para esto o apenas lo van a conformar?",
    "Me gustaría saber cómo participaron las organizaciones locales en la redacción.",
    "¿Qué pasa si al terminar el plan no se cumplió? Falta decir quién rinde cuentas.",
    "¿Ya hubo algo parecido en {place}? Convendría revisar qué funcionó y qué no.",
    "¿Los datos van a incluir información por municipio y por género?",
    "No tengo una posición todavía. Quisiera leer el documento completo antes de opinar.",
];

const AGAINST: &[&str] = &[
    "No estoy de acuerdo con la prioridad: primero arreglaría los trámites que ya existen.",
    "Con respeto, creo que «{title}» repite cosas que la ley ya obliga a hacer.",
    "Temo que se quede en una página web más. Sin seguimiento no la apoyaría.",
    "No la apoyo como está: falta decir cuánto cuesta y de dónde sale la plata.",
    "Preferiría que {entity} mostrara antes los resultados de lo que ya está en marcha.",
    "Me preocupa que solo participe quien tiene computador. Así no la votaría.",
];

const REPLIES: &[&str] = &[
    "De acuerdo con usted, ese punto es clave.",
    "Gracias por la explicación, no lo había visto así.",
    "Respeto su opinión, aunque yo sí la apoyaría con metas más claras.",
    "Buena pregunta. Ojalá la entidad responda por aquí.",
    "En mi municipio pasa lo mismo.",
    "¿Tiene el enlace donde se puede leer eso?",
    "Agregaría que también hay que pensar en las zonas rurales.",
    "Es justo lo que discutimos en la junta de acción comunal.",
];

/// A comment on a proposal.
pub fn comment(stance: Stance, proposal: &ProposalSummary, rng: &mut Rng) -> String {
    let sentences = match stance {
        Stance::For => FOR,
        Stance::Neutral => NEUTRAL,
        Stance::Against => AGAINST,
    };
    let place = proposal.territory.as_ref().map_or("todo el país", |territory| &territory.name);
    let entity = proposal.lead_entities.first().map_or("la entidad", String::as_str);
    let sentence = rng.choice(sentences).copied().unwrap_or_default();
    sentence.replace("{title}", &proposal.title).replace("{entity}", entity).replace("{place}", place)
}

/// A reply to somebody's comment.
pub fn reply(rng: &mut Rng) -> String {
    rng.choice(REPLIES).copied().unwrap_or_default().to_owned()
}
