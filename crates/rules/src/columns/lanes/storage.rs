//! Whole numbers in and out of lanes.

use super::{CHUNK, Lanes, NEAREST};

/// Whole numbers of a file's column, as they are stored.
pub(in crate::columns) trait Stored: Copy {
    fn lane(self) -> f64;
    fn within(self, low: f64, high: f64) -> bool;
}

macro_rules! stored {
    ($($width:ty),*) => {$(
        impl Stored for $width {
            #[inline(always)]
            #[expect(clippy::allow_attributes, clippy::cast_lossless, clippy::cast_precision_loss, reason = "values beyond 2^53 are outside every range")]
            fn lane(self) -> f64 {
                self as f64
            }
            #[inline(always)]
            fn within(self, low: f64, high: f64) -> bool {
                // A 64-bit value beyond 2^53 rounds to at least 2^53, outside every range.
                let lane = self.lane();
                (lane >= low) & (lane <= high)
            }
        }
    )*};
}
stored!(i64, i32, u8);

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

/// Writes lanes as whole numbers; false when one is NaN (it is written as some number, to be replaced).
pub(in crate::columns) fn store(lanes: &Lanes, out: &mut [i64]) -> bool {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512vl")
    {
        #[expect(unsafe_code, reason = "calling code compiled for a processor feature")]
        // SAFETY: the features the function is compiled for were detected above.
        return unsafe { store_avx512(lanes, out) };
    }
    store_each(lanes, out)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2")]
fn store_avx512(lanes: &Lanes, out: &mut [i64]) -> bool {
    store_each(lanes, out)
}

#[inline(always)]
fn store_each(lanes: &Lanes, out: &mut [i64]) -> bool {
    let mut trusted = true;
    for (out, lane) in out.iter_mut().zip(&lanes.0) {
        trusted &= !lane.is_nan();
        *out = number(*lane);
    }
    trusted
}
