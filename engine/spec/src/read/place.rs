//! Where a piece of text stands in its file, so that an offset in the piece becomes a span in the file.

use crate::source::{FileId, Span};

/// Turns byte offsets of a text into spans of the file that holds it.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    file: FileId,
    map: Offsets,
}

#[derive(Debug, Clone)]
enum Offsets {
    /// The text stands in the file as it is, this far from its start.
    Shifted(usize),
    /// The text is made of stretches of the file: from this offset on, it stands there.
    Stretches(Vec<(usize, usize)>),
    /// The text was decoded beyond recognition: every offset means the whole of it.
    Whole(Span),
}

impl Place {
    /// Returns the place of a text that stands in the file as it is.
    pub(crate) const fn shifted(file: FileId, by: usize) -> Self {
        Self {
            file,
            map: Offsets::Shifted(by),
        }
    }

    /// Returns the place of a text made of stretches: (offset in the text, offset in the file), ascending.
    pub(crate) const fn stretches(file: FileId, stretches: Vec<(usize, usize)>) -> Self {
        Self {
            file,
            map: Offsets::Stretches(stretches),
        }
    }

    /// Returns the place of a text that only as a whole has one.
    pub(crate) const fn whole(span: Span) -> Self {
        Self {
            file: span.file,
            map: Offsets::Whole(span),
        }
    }

    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        match &self.map {
            Offsets::Shifted(by) => Span::new(self.file, start + by, end + by),
            Offsets::Stretches(stretches) => {
                let last = end.saturating_sub(1).max(start);
                Span::new(
                    self.file,
                    locate(stretches, start),
                    locate(stretches, last) + (end - last.min(end)),
                )
            }
            Offsets::Whole(span) => *span,
        }
    }
}

fn locate(stretches: &[(usize, usize)], offset: usize) -> usize {
    let at = stretches.partition_point(|(from, _)| *from <= offset);
    stretches
        .get(at.saturating_sub(1))
        .map_or(offset, |(from, to)| to + offset.saturating_sub(*from))
}
