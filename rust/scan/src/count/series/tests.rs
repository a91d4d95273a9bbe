//! Labels keep their numbers, whatever numbers a dictionary gives them.

use std::sync::Arc;

use arrow::array::{DictionaryArray, PrimitiveArray, StringArray};
use arrow::datatypes::ArrowDictionaryKeyType;

use super::*;

fn numbers<K: ArrowDictionaryKeyType>(series: &mut Series, keys: &[Option<u8>], values: &[&str]) -> Vec<u32>
where
    K::Native: From<u8>,
{
    let keys: PrimitiveArray<K> = keys.iter().map(|key| key.map(K::Native::from)).collect();
    let array = DictionaryArray::<K>::new(keys, Arc::new(StringArray::from_iter_values(values)));
    series.number(&[Column::Dictionary(&array)], array.len()).unwrap();
    series.numbers().to_vec()
}

#[test]
fn labels_are_numbered_as_they_come_whatever_numbers_a_dictionary_gives_them() {
    let mut series = Series::new(1);
    assert_eq!(numbers::<UInt8Type>(&mut series, &[Some(1), Some(0), None], &["a", "b"]), [0, 1, 2]);
    // Other dictionaries, of keys of every width: one value of them is new.
    assert_eq!(numbers::<Int16Type>(&mut series, &[Some(0), Some(1)], &["a", "b"]), [1, 0]);
    assert_eq!(numbers::<Int32Type>(&mut series, &[Some(1), None], &["x", "c"]), [3, 2]);
    assert_eq!(numbers::<Int64Type>(&mut series, &[Some(0), Some(0)], &["c"]), [3, 3]);
    assert_eq!(numbers::<UInt16Type>(&mut series, &[None, Some(0)], &["b"]), [2, 0]);
    assert_eq!(numbers::<UInt32Type>(&mut series, &[Some(0)], &["a"]), [1]);
    assert_eq!(numbers::<UInt64Type>(&mut series, &[Some(1), Some(0)], &["c", "b"]), [0, 3]);
    let narrow = DictionaryArray::<Int8Type>::new(vec![0, 1].into(), Arc::new(StringArray::from(vec!["d", "a"])));
    series.number(&[Column::Dictionary(&narrow)], 2).unwrap();
    assert_eq!(series.numbers(), [4, 1]);
    let met: Vec<_> = series.keys().into_iter().map(|mut key| key.remove(0)).collect();
    assert_eq!(met, [Some("b"), Some("a"), None, Some("c"), Some("d")].map(|label| label.map(str::to_owned)));
}
