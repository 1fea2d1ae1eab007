//! Charts: lines, bars and small columns, for a screen or as SVG.
//!
//! A result becomes a figure (`gather`), with the columns that `choose` finds, and one file for each kind draws it. The
//! crates for charts in terminals draw lines of 32-bit numbers only, and know neither the width of a screen nor
//! ASCII, so the drawing is our own.

mod bar;
mod canvas;
mod choose;
mod figure;
mod gather;
mod line;
mod number;
mod pen;
mod scale;
mod spark;
mod svg;
mod time;

use std::io::{self, Write};

use super::Format;
use super::view::{Note, View};
use figure::Kind;
use model::Value;
use pen::Pen;

pub use figure::NoChart;

/// Draws results. A result that cannot be drawn is an error with a [`NoChart`] inside, and nothing is written.
pub(super) fn write(results: &[Value], view: &View, out: &mut impl Write) -> io::Result<Vec<Note>> {
    let (figure, notes) = gather::gather(results, view).map_err(io::Error::other)?;
    if view.format == Format::Svg {
        out.write_all(svg::picture(&figure).as_bytes())?;
        return Ok(notes);
    }
    let pen = Pen::of(view);
    let lines = match figure.kind {
        Kind::Line => line::lines(&figure, &pen),
        Kind::Bar => bar::lines(&figure, &pen),
        Kind::Spark => spark::lines(&figure, &pen),
    };
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    Ok(notes)
}

/// The reason why a result could not be drawn, if that is what an error is about.
pub fn undrawn(error: &io::Error) -> Option<&NoChart> {
    error.get_ref()?.downcast_ref()
}

#[cfg(test)]
mod tests;
