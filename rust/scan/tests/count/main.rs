//! Counting rows of a file against the obvious definition, row by row.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod obvious;
mod refusals;
mod rows;

use backburn_core::rollup::Rollup;
use backburn_scan::control::Control;
use backburn_scan::request::Request;
use backburn_scan::rollup::{load, save};
use backburn_scan::task::rollup as scan;
use proptest::prelude::*;

use obvious::{obvious, read};
use rows::{asked, request, row, write};

fn run(request: &Request, paths: &[String], threads: usize) -> Rollup {
    scan(request, paths, threads, &Control::default()).unwrap()
}
proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn rows_are_counted_as_defined(rows in prop::collection::vec(row(), 1..60), asked in asked(), group in 1_usize..40) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.parquet");
        write(&path, &rows, group);
        let request = request(&asked);
        let paths = [path.to_string_lossy().into_owned()];
        let rollup = run(&request, &paths, 1);
        prop_assert_eq!(read(&rollup), obvious(&rows, &asked));
        prop_assert!(rollup.indicators.values().all(|one| one.tallies.weighted() == asked.weighted));

        // Neither the threads nor the way through a file change anything.
        prop_assert_eq!(&run(&request, &paths, 3), &rollup);
        let saved = folder.path().join("saved.parquet").to_string_lossy().into_owned();
        save(&rollup, &saved).unwrap();
        prop_assert_eq!(&load(&saved).unwrap(), &rollup);
    }

    #[test]
    fn one_log_in_two_files_is_the_same_log(rows in prop::collection::vec(row(), 2..60), asked in asked(), cut in 1_usize..59) {
        let folder = tempfile::tempdir().unwrap();
        let cut = cut.min(rows.len() - 1);
        let paths = ["a.parquet", "b.parquet"].map(|name| folder.path().join(name));
        write(&paths[0], &rows[..cut], 7);
        write(&paths[1], &rows[cut..], 7);
        let request = request(&asked);
        let names = paths.map(|path| path.to_string_lossy().into_owned());
        let Ok(rollup) = scan(&request, &names, 2, &Control::default()) else {
            // Two halves of equal content are one log read twice, which is refused.
            prop_assert_eq!(format!("{:?}", &rows[..cut]), format!("{:?}", &rows[cut..]));
            return Ok(());
        };
        prop_assert_eq!(read(&rollup), obvious(&rows, &asked));
        let backwards = [names[1].clone(), names[0].clone()];
        prop_assert_eq!(&run(&request, &backwards, 2), &rollup);
        let merged = run(&request, &names[..1], 1).merge(&run(&request, &names[1..], 1)).unwrap();
        prop_assert_eq!(&merged, &rollup);
    }
}
