//! `IN`: many equalities as one look-up.

use super::plan::{Plan, Test};

/// Makes one look-up of the equalities of a list; what else is in it stays as it is.
pub(crate) fn among(equalities: Vec<Plan>) -> Vec<Plan> {
    let mut plans: Vec<Plan> = Vec::new();
    for plan in equalities {
        let Plan::Cell { value, test } = plan else {
            plans.push(plan);
            continue;
        };
        let test = match test {
            Test::Range(range) => Test::Among((range.low <= range.high).then_some(range.low).into_iter().collect()),
            Test::Text { value: text, .. } => Test::TextAmong([text].into()),
            Test::LooseNumber { value: number, range, .. } => Test::LooseAmong {
                values: [number].into(),
                wholes: (range.low <= range.high).then_some(range.low).into_iter().collect(),
            },
            other => other,
        };
        let joined = plans.iter_mut().any(|known| match (known, &test) {
            (Plan::Cell { test: Test::Among(known), .. }, Test::Among(more)) => {
                known.extend(more);
                true
            }
            (Plan::Cell { test: Test::TextAmong(known), .. }, Test::TextAmong(more)) => {
                known.extend(more.iter().cloned());
                true
            }
            (
                Plan::Cell { test: Test::LooseAmong { values, wholes }, .. },
                Test::LooseAmong { values: more, wholes: more_wholes },
            ) => {
                values.extend(more.iter().cloned());
                wholes.extend(more_wholes);
                true
            }
            _ => false,
        });
        if !joined {
            plans.push(Plan::Cell { value, test });
        }
    }
    for plan in &mut plans {
        if let Plan::Cell { test: Test::Among(values) | Test::LooseAmong { wholes: values, .. }, .. } = plan {
            values.sort_unstable();
        }
    }
    plans
}
