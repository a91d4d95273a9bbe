//! What a grid reaches, how it grows, and that sealing gives every count once.

use super::*;

const STEP: i64 = 1_000_000;

fn extent(low: i64, high: i64, series: usize, code: u32) -> Extent {
    Extent { low, high, series, codes: (code > FIRST).then_some((code, code)) }
}

fn placed(series: usize, code: u32) -> Grid {
    let mut grid = Grid::default();
    assert!(grid.place(extent(STEP, STEP, series, code)));
    grid
}

fn add(grid: &mut Grid, extent: Extent, series: &[u32], steps: &[i64], codes: &[u32]) {
    grid.add(extent, &steps.iter().copied().collect(), Rows { series, codes, weights: None });
}

#[test]
fn it_reaches_an_eighth_of_its_room_back_and_the_rest_ahead() {
    let grid = placed(16, 2);
    // 2^16 counts are 1,024 steps of 16 series and 4 codes; an eighth of the 1,023 beside this one is 127.
    for (step, reached) in [(STEP - 127, true), (STEP - 128, false), (STEP + 896, true), (STEP + 897, false)] {
        assert_eq!(grid.reaches(extent(step, step, 1, 1), 1), reached, "{step}");
        let both = extent(step.min(STEP), step.max(STEP), 99, 99);
        assert_eq!(grid.reaches_steps(both), reached, "{step}");
    }
    for (series, code, reached) in [(16, 2, true), (17, 2, false), (16, 1, true), (16, 4, true), (16, 5, false)] {
        assert_eq!(grid.reaches(extent(STEP, STEP, series, code), 1), reached, "{series} {code}");
    }
    assert!(!grid.reaches(extent(STEP, STEP, 1, 1), u32::MAX as usize));
    assert!(!Grid::default().reaches(extent(0, 0, 1, 1), 1));
}

#[test]
fn it_grows_for_series_and_codes_and_never_shrinks() {
    let mut grid = placed(16, 2);
    assert!(grid.place(extent(STEP, STEP, 17, 1)));
    assert_eq!((grid.series, grid.codes, grid.steps), (20, 4, (1 << 18) / 80));
    assert!(grid.place(extent(STEP, STEP, 3, 9)));
    assert_eq!((grid.series, grid.first_code, grid.codes, grid.steps), (20, 2, 16, (1 << 20) / 320));
    for _ in 0..2 {
        assert!(grid.place(extent(STEP, STEP, 1, 1)));
        assert_eq!(grid.steps, (1 << 20) / 320);
    }
}

#[test]
fn it_takes_all_its_room_at_once_for_a_wide_batch() {
    let mut grid = Grid::default();
    assert!(grid.place(extent(0, (1 << 12) - 1, 4, 2)));
    assert_eq!(grid.steps, (1 << 16) / 16);
    let mut grid = Grid::default();
    assert!(grid.place(extent(0, 1 << 12, 4, 2)));
    assert_eq!(grid.steps, (1 << 22) / 16);
    assert!(grid.place(extent(0, 1, 4, 2)));
    assert_eq!(grid.steps, (1 << 22) / 16);
}

#[test]
fn codes_far_from_the_first_have_room_on_both_sides() {
    let mut grid = placed(4, 70_000);
    assert_eq!((grid.first_code, grid.codes), (69_999, 4));
    assert!(grid.place(Extent { codes: Some((70_100, 70_200)), ..extent(STEP, STEP, 1, 1) }));
    // 203 codes with the first, in 256 places.
    assert_eq!((grid.first_code, grid.codes), (69_999 - 26, 256));
    let all = Extent { codes: Some((69_973, 70_227)), ..extent(STEP, STEP, 1, 1) };
    assert!(grid.reaches(all, 1));
    assert!(!grid.reaches(Extent { codes: Some((69_972, 70_000)), ..all }, 1));
    assert!(!grid.reaches(Extent { codes: Some((70_000, 70_228)), ..all }, 1));
    // Room that was once there stays.
    assert!(grid.place(extent(STEP, STEP, 4, 70_000)));
    assert!(grid.reaches(all, 1));
}

#[test]
fn it_refuses_what_does_not_fit() {
    let steps = (1 << 22) / 16;
    assert!(Grid::default().place(extent(0, steps - 1, 4, 2)));
    assert!(!Grid::default().place(extent(0, steps, 4, 2)));
    assert!(!Grid::default().place(extent(i64::MIN, i64::MAX, 4, 2)));
    assert!(!Grid::default().place(extent(0, 0, 1 << 23, 2)));
}

#[test]
fn it_pays_while_there_is_a_row_for_every_128_counts_that_sealing_looks_through() {
    let mut grid = placed(4, 2);
    assert!(grid.pays());
    // Eight steps of 16 counts each are paid by one row, nine by two.
    add(&mut grid, extent(STEP, STEP + 7, 1, 1), &[0], &[STEP], &[1]);
    assert!(grid.pays());
    add(&mut grid, extent(STEP + 8, STEP + 8, 1, 1), &[], &[], &[]);
    assert!(!grid.pays());
    add(&mut grid, extent(STEP, STEP, 1, 1), &[0], &[STEP], &[NOTHING]);
    assert!(grid.pays());
}

#[test]
fn every_count_is_taken_once() {
    let mut grid = placed(4, 9);
    let all = extent(STEP - 3, STEP + 2, 3, 9);
    let steps = [STEP - 3, STEP + 2, STEP + 2, STEP - 3, STEP];
    add(&mut grid, all, &[2, 0, 2, 2, 1], &steps, &[1, 9, 1, 1, NOTHING]);
    let mut taken = || {
        let mut counts = Vec::new();
        grid.take(|cell| {
            let before = counts.len();
            cell.each(|code, count| {
                if count > 0 {
                    counts.push((cell.series, cell.step, code, count));
                }
            });
            assert_eq!(cell.is_empty(), counts.len() == before);
        });
        counts
    };
    assert_eq!(taken(), [(0, STEP + 2, 9, 1), (2, STEP - 3, 1, 2), (2, STEP + 2, 1, 1)]);
    assert_eq!(taken(), []);
    add(&mut grid, extent(STEP - 3, STEP, 1, 1), &[0], &[STEP], &[1]);
    let mut steps = Vec::new();
    grid.take(|cell| steps.extend((!cell.is_empty()).then_some(cell.step)));
    assert_eq!(steps, [STEP]);
}
