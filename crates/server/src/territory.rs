//! Territories by their official code: Colombia's DIVIPOLA.

use cabildo_contract::process::Territory;
use serde::{Deserialize, Deserializer, de::Error};
use std::collections::HashMap;
use std::sync::LazyLock;

#[derive(Deserialize)]
struct Divipola {
    territories: HashMap<String, String>,
}

static DIVIPOLA: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    // A file of ours, compiled in; a test reads it.
    serde_json::from_str::<Divipola>(include_str!("../data/divipola.json"))
        .map(|divipola| divipola.territories)
        .unwrap_or_default()
});

/// The departments, Bogotá among them, by name as Spanish sorts: accents do not count.
pub fn departments() -> &'static [Territory] {
    static DEPARTMENTS: LazyLock<Vec<Territory>> = LazyLock::new(|| {
        let departments = DIVIPOLA.iter().filter(|(code, _)| code.len() == 2);
        let mut departments: Vec<Territory> =
            departments.map(|(code, name)| Territory { code: code.clone(), name: name.clone() }).collect();
        departments.sort_by_cached_key(|department| without_accents(&department.name));
        departments
    });
    &DEPARTMENTS
}

fn without_accents(name: &str) -> String {
    let plain = |letter| match letter {
        'á' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ó' => 'o',
        'ú' => 'u',
        'ñ' => 'n',
        other => other,
    };
    name.to_lowercase().chars().map(plain).collect()
}

/// A code that the official list has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerritoryCode(Territory);

impl TerritoryCode {
    /// Looks a code up; none if the list does not have it.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let own = DIVIPOLA.get(code)?;
        // A municipality is followed by its department, unless it is one itself, as Bogotá is.
        let department = code.get(..2).filter(|_| code.len() == 5).and_then(|code| DIVIPOLA.get(code));
        let name = match department {
            Some(department) if department != own => format!("{own}, {department}"),
            _ => own.clone(),
        };
        Some(Self(Territory { code: code.to_owned(), name }))
    }

    /// The territory.
    #[must_use]
    pub fn into_territory(self) -> Territory {
        self.0
    }
}

impl<'de> Deserialize<'de> for TerritoryCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::parse(&code)
            .ok_or_else(|| D::Error::custom(format!("{code:?} is no code of a department or municipality")))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_municipality_is_named_with_its_department() {
        let name = |code| TerritoryCode::parse(code).unwrap().into_territory().name;
        assert_eq!(name("76520"), "Palmira, Valle del Cauca");
        assert_eq!(name("11001"), "Bogotá, D.C.");
        assert_eq!(name("15"), "Boyacá");
        assert_eq!(TerritoryCode::parse("99999"), None);
        assert_eq!(DIVIPOLA.len(), 1155);
    }

    #[test]
    fn departments_are_sorted_as_spanish_sorts() {
        let names: Vec<&str> = departments().iter().map(|department| department.name.as_str()).collect();
        assert_eq!(names.len(), 33);
        let at = |name| names.iter().position(|known| *known == name).unwrap();
        assert!(
            at("Cesar") < at("Chocó") && at("Chocó") < at("Córdoba") && at("Córdoba") < at("Cundinamarca")
        );
        assert!(at("Bogotá, D.C.") < at("Bolívar") && at("Bolívar") < at("Boyacá"));
    }
}
