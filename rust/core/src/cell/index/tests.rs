use super::*;

fn of(cells: &[(usize, i64)]) -> Index {
    let mut index = Index::empty(0);
    for (series, step) in cells {
        index.push(*series, *step);
    }
    index
}

#[test]
fn there_is_room_for_the_series_that_were_asked_for_and_for_those_that_have_cells() {
    for (cells, room, series) in [(0, 0, 0), (0, 2, 2), (1, 0, 2), (1, 1, 2), (1, 2, 2), (1, 3, 3)] {
        let mut index = of(&[(1, 5)][..cells]);
        index.open_all(room);
        assert_eq!(index.series(), series, "{cells} {room}");
        let found: Vec<_> = (0..series).map(|series| index.range(series)).collect();
        let expected: Vec<_> = (0..series).map(|at| cells.min(at.saturating_sub(1))..cells.min(at)).collect();
        assert_eq!(found, expected, "{cells} {room}");
    }
}

#[test]
fn cells_are_found_by_series_step_and_position() {
    let index = of(&[(1, -3), (1, 4), (1, 5), (3, 4)]);
    assert_eq!((0..4).map(|at| index.series_of(at)).collect::<Vec<_>>(), [1, 1, 1, 3]);
    assert_eq!(index.steps(1).collect::<Vec<_>>(), [-3, 4, 5]);
    assert_eq!(index.cells(3).collect::<Vec<_>>(), [(4, 3)]);
    for (from, to, cells) in [(-3, 5, 0..2), (-2, 6, 1..3), (6, 9, 3..3), (5, -3, 2..2), (i64::MIN, i64::MAX, 0..3)] {
        assert_eq!(index.within(1, from, to), cells, "{from}..{to}");
    }
    assert!(index.within(0, i64::MIN, i64::MAX).is_empty());
    assert_eq!((index.is_empty(), of(&[]).is_empty()), (false, true));
}

#[test]
fn a_stretch_ends_where_a_step_is_missing() {
    for (lengths, gap) in [(vec![1], 1), (vec![3, 1, 70], 1), (vec![5, 64, 1, 1, 2], 9), (vec![33, 200], i64::MAX / 8)]
    {
        let mut index = of(&[(0, i64::MAX)]);
        let (mut step, mut expected) = (i64::MIN, Vec::new());
        for length in lengths {
            let start = index.len();
            expected.push((step, start..start + length));
            for _ in 0..length {
                index.push(1, step);
                step += 1;
            }
            step += gap;
        }
        let (mut rest, mut found) = (index.range(1), Vec::new());
        while let Some((step, cells)) = index.unbroken(rest.clone()) {
            rest.start = cells.end;
            found.push((step, cells));
        }
        assert_eq!(found, expected);
    }
}

#[test]
fn parts_take_turns_in_order_of_their_steps() {
    let parts = [of(&[(0, 9), (1, 1), (1, 2), (1, 5), (1, 6)]), of(&[(0, 2), (0, 7)]), of(&[(2, 2), (2, 3)])];
    let mut turns = Vec::new();
    let which = |part: &Index| parts.iter().position(|one| std::ptr::eq(one, part)).unwrap();
    in_turns(
        &[(0, &parts[0], 1), (0, &parts[1], 0), (0, &parts[2], 2)],
        |index| index,
        |turn| {
            turns.push(match turn {
                Turn::Alone(part, cells) => (None, vec![(which(part), cells)]),
                Turn::Together(step, cells) => {
                    (Some(step), cells.iter().map(|(part, at)| (which(part), *at..at + 1)).collect())
                }
            });
            Ok(())
        },
    )
    .unwrap();
    let expected = [
        (None, vec![(0, 1..2)]),
        (Some(2), vec![(0, 2..3), (1, 0..1), (2, 0..1)]),
        (None, vec![(2, 1..2)]),
        (None, vec![(0, 3..5)]),
        (None, vec![(1, 1..2)]),
    ];
    assert_eq!(turns, expected);
}

#[test]
fn a_part_is_copied_or_picked_under_new_numbers() {
    let from = of(&[(0, 1), (2, 7), (2, 8), (2, 9)]);
    let mut index = of(&[(0, 6)]);
    index.copy(&from, 2..4, 0);
    index.copy(&from, 0..1, 4);
    assert_eq!(index, of(&[(0, 6), (0, 8), (0, 9), (4, 1)]));
    index.pick(&[0, 4]);
    assert_eq!(index, of(&[(0, 6), (0, 8), (0, 9), (1, 1)]));
}
