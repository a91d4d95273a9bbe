//! The module `backburn._rust`: a table of contents.

use pyo3::prelude::*;

mod arrow;
mod backtest;
mod checks;
mod collect;
mod confidence;
mod convert;
mod detach;
mod error;
mod hand_over;
mod inspect;
mod judgement;
mod objective;
mod openmetrics;
mod outlook;
mod pieces;
mod plan;
mod quantiles;
mod rejects;
mod resampling;
mod rollup;
mod scan;
mod scoring;
mod search;
mod slices;
mod slicing;
mod spread;
mod sweep;
mod tally;
mod timeline;
mod timeline_text;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[pymodule]
fn _rust(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("__build__", if cfg!(debug_assertions) { "debug" } else { "release" })?;
    module.add_class::<collect::Collected>()?;
    module.add_class::<confidence::Confidence>()?;
    module.add_class::<judgement::Judgement>()?;
    module.add_class::<openmetrics::OpenMetrics>()?;
    module.add_class::<outlook::Outlook>()?;
    module.add_class::<rejects::Rejects>()?;
    module.add_class::<rollup::Rollup>()?;
    module.add_class::<scoring::Ground>()?;
    module.add_class::<search::Search>()?;
    module.add_class::<slices::Slices>()?;
    module.add_class::<tally::Tally>()?;
    module.add_class::<plan::Task>()?;
    module.add_class::<timeline::Timeline>()?;
    module.add_class::<timeline_text::TimelineText>()?;
    module.add_function(wrap_pyfunction!(arrow::scan_stream, module)?)?;
    module.add_function(wrap_pyfunction!(arrow::stream_columns, module)?)?;
    module.add_function(wrap_pyfunction!(backtest::backtest, module)?)?;
    module.add_function(wrap_pyfunction!(checks::check_format, module)?)?;
    module.add_function(wrap_pyfunction!(checks::check_predicate, module)?)?;
    module.add_function(wrap_pyfunction!(checks::check_routes, module)?)?;
    module.add_function(wrap_pyfunction!(checks::check_zone, module)?)?;
    module.add_function(wrap_pyfunction!(checks::is_rollup, module)?)?;
    module.add_function(wrap_pyfunction!(collect::collect, module)?)?;
    module.add_function(wrap_pyfunction!(collect::collect_stream, module)?)?;
    module.add_function(wrap_pyfunction!(confidence::events_needed, module)?)?;
    module.add_function(wrap_pyfunction!(convert::convert, module)?)?;
    module.add_function(wrap_pyfunction!(inspect::inspect, module)?)?;
    module.add_function(wrap_pyfunction!(plan::merge, module)?)?;
    module.add_function(wrap_pyfunction!(plan::plan, module)?)?;
    module.add_function(wrap_pyfunction!(checks::predicate_grammar, module)?)?;
    module.add_function(wrap_pyfunction!(scan::scan, module)?)?;
    module.add_function(wrap_pyfunction!(resampling::clopper_pearson, module)?)?;
    module.add_function(wrap_pyfunction!(resampling::difference_interval, module)?)?;
    module.add_function(wrap_pyfunction!(resampling::ratio_interval, module)?)?;
    module.add_function(wrap_pyfunction!(scoring::computed, module)?)?;
    module.add_function(wrap_pyfunction!(scoring::grounds, module)?)?;
    module.add_function(wrap_pyfunction!(scoring::shifted, module)?)?;
    module.add_function(wrap_pyfunction!(sweep::peaks, module)?)?;
    module.add_function(wrap_pyfunction!(sweep::sweep, module)?)?;
    module.add_function(wrap_pyfunction!(timeline::timeline, module)?)?;
    Ok(())
}
