//! Whole numbers in and out of lanes.

use super::{CHUNK, Lanes, NEAREST};

/// Whole numbers of a file's column, as they are stored.
pub(in crate::columns) trait Stored: Copy {
    fn lane(self) -> f64;

    #[inline(always)]
    fn within(self, low: f64, high: f64) -> bool {
        let lane = self.lane();
        (lane >= low) & (lane <= high)
    }
}

impl Stored for i64 {
    #[inline(always)]
    #[expect(
        clippy::cast_precision_loss,
        reason = "beyond 2^53 it rounds to at least 2^53, outside every range"
    )]
    fn lane(self) -> f64 {
        self as f64
    }
}

impl Stored for i32 {
    #[inline(always)]
    fn lane(self) -> f64 {
        self.into()
    }
}

impl Stored for u8 {
    #[inline(always)]
    fn lane(self) -> f64 {
        self.into()
    }
}

/// Reads a chunk's values into lanes; false when one is outside `low..=high`. Lanes beyond the values hold `low`.
pub(in crate::columns) fn load<T: Stored>(
    values: &[T],
    low: f64,
    high: f64,
    out: &mut Lanes,
) -> bool {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512vl")
    {
        #[expect(unsafe_code, reason = "calling code compiled for a processor feature")]
        // SAFETY: the features the function is compiled for were detected above.
        return unsafe { load_avx512(values, low, high, out) };
    }
    load_each(values, low, high, out)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2")]
fn load_avx512<T: Stored>(values: &[T], low: f64, high: f64, out: &mut Lanes) -> bool {
    load_each(values, low, high, out)
}

#[inline(always)]
fn load_each<T: Stored>(values: &[T], low: f64, high: f64, out: &mut Lanes) -> bool {
    let mut inside = true;
    if let Some(values) = values.first_chunk::<CHUNK>() {
        #[expect(
            clippy::needless_range_loop,
            reason = "over the chunk's fixed length, as in the kernels"
        )]
        for i in 0..CHUNK {
            inside &= values[i].within(low, high);
            out.0[i] = values[i].lane();
        }
    } else {
        for (lane, value) in out.0.iter_mut().zip(values) {
            inside &= value.within(low, high);
            *lane = value.lane();
        }
        out.0[values.len()..].fill(low);
    }
    inside
}

/// A lane as a whole number.
pub(in crate::columns) fn number(lane: f64) -> i64 {
    (lane + NEAREST)
        .to_bits()
        .wrapping_sub(NEAREST.to_bits())
        .cast_signed()
}

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::columns) enum Writing {
    /// Through the caches: the results are read again soon.
    Cached,
    /// Past the caches, without first reading the memory that is written over: the results are larger than any cache.
    Streaming,
}

impl Writing {
    /// The way to write this many results.
    pub(in crate::columns) fn of(results: usize) -> Writing {
        const LARGER_THAN_CACHES: usize = 16 << 20;
        if results.saturating_mul(8) > LARGER_THAN_CACHES {
            Writing::Streaming
        } else {
            Writing::Cached
        }
    }

    /// Makes what was written visible to other threads.
    pub(in crate::columns) fn finish(self) {
        #[cfg(target_arch = "x86_64")]
        if self == Writing::Streaming {
            #[expect(unsafe_code, reason = "a fence is only to be had so")]
            // SAFETY: every x86-64 processor has it.
            unsafe {
                std::arch::x86_64::_mm_sfence();
            }
        }
    }
}

/// Writes lanes as whole numbers; false when one is NaN (it is written as some number, to be replaced).
pub(in crate::columns) fn store(lanes: &Lanes, out: &mut [i64], writing: Writing) -> bool {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512vl")
    {
        #[expect(unsafe_code, reason = "calling code compiled for a processor feature")]
        match writing {
            // SAFETY: the features the function is compiled for were detected above.
            Writing::Cached => return unsafe { store_avx512(&lanes.0, out) },
            // SAFETY: the features the function is compiled for were detected above.
            Writing::Streaming => return unsafe { stream_avx512(&lanes.0, out) },
        }
    }
    let _ = writing;
    store_each(&lanes.0, out)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2")]
fn store_avx512(lanes: &[f64], out: &mut [i64]) -> bool {
    store_each(lanes, out)
}

/// Whole cache lines go past the caches; what comes before the first and after the last goes through them.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2")]
fn stream_avx512(lanes: &[f64], out: &mut [i64]) -> bool {
    use std::arch::x86_64::{_mm512_set_epi64, _mm512_stream_si512};
    let head = out.as_ptr().align_offset(64).min(out.len());
    let (before, aligned) = out.split_at_mut(head);
    let mut trusted = store_each(lanes, before);
    let whole_lines = aligned.len() / 8 * 8;
    let (lines, after) = aligned.split_at_mut(whole_lines);
    trusted &= store_each(&lanes[head + whole_lines..], after);
    for (line, lanes) in lines.chunks_exact_mut(8).zip(lanes[head..].chunks_exact(8)) {
        let mut numbers = [0; 8];
        trusted &= store_each(lanes, &mut numbers);
        let [a, b, c, d, e, f, g, h] = numbers;
        let whole = _mm512_set_epi64(h, g, f, e, d, c, b, a);
        #[expect(unsafe_code, reason = "a store past the caches is only to be had so")]
        // SAFETY: the line is 64 bytes of the slice, aligned to 64.
        unsafe {
            _mm512_stream_si512(line.as_mut_ptr().cast(), whole);
        }
    }
    trusted
}

#[inline(always)]
fn store_each(lanes: &[f64], out: &mut [i64]) -> bool {
    let mut trusted = true;
    for (out, lane) in out.iter_mut().zip(lanes) {
        trusted &= !lane.is_nan();
        *out = number(*lane);
    }
    trusted
}
