//! Looking cells up in a dense table: the place is held between the first cell and the last.

use super::kernels::doubt;
use super::{CHUNK, Chunk, NEAREST};
use crate::columns::instruction::Dense;

/// A cell at a time.
#[inline(always)]
pub(super) fn plain(x: &Chunk, first: f64, table: &Dense, out: &mut Chunk) {
    let cells = &table.cells[..];
    let mask = cells.len() - 1;
    for i in 0..CHUNK {
        let place = x[i] - first;
        let place = if place > 0.0 { place } else { 0.0 };
        let place = if place < table.last {
            place
        } else {
            table.last
        };
        out[i] = cells[whole(place) & mask] + doubt(x[i]);
    }
}

/// A small whole number out of a lane, without a conversion instruction.
#[inline(always)]
fn whole(lane: f64) -> usize {
    ((lane + NEAREST).to_bits() & 0xFFFF_FFFF) as usize
}

/// Eight cells at a time: a table of up to 32 cells lies in four registers, of which each lane picks its own.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2")]
#[inline]
pub(super) fn avx512(x: &Chunk, first: f64, table: &Dense, out: &mut Chunk) {
    use std::arch::x86_64::{
        _mm512_add_pd, _mm512_castpd_si512, _mm512_mask_blend_pd, _mm512_max_pd, _mm512_min_pd,
        _mm512_permutex2var_pd, _mm512_set1_epi64, _mm512_set1_pd, _mm512_setzero_pd,
        _mm512_sub_pd, _mm512_test_epi64_mask,
    };
    let Some(cells) = &table.few else {
        return plain(x, first, table, out);
    };
    let [a, b, c, d] = [0, 8, 16, 24].map(|from| eight(&cells[from..from + 8]));
    let (first, last) = (_mm512_set1_pd(first), _mm512_set1_pd(table.last));
    let (nearest, upper) = (_mm512_set1_pd(NEAREST), _mm512_set1_epi64(16));
    for (x, out) in x.chunks_exact(8).zip(out.chunks_exact_mut(8)) {
        let x = eight(x);
        // Of a NaN and a number both take the number.
        let place = _mm512_max_pd(_mm512_sub_pd(x, first), _mm512_setzero_pd());
        let place = _mm512_castpd_si512(_mm512_add_pd(_mm512_min_pd(place, last), nearest));
        let (lower_half, upper_half) = (
            _mm512_permutex2var_pd(a, place, b),
            _mm512_permutex2var_pd(c, place, d),
        );
        let cell =
            _mm512_mask_blend_pd(_mm512_test_epi64_mask(place, upper), lower_half, upper_half);
        let cell = _mm512_add_pd(cell, _mm512_sub_pd(x, x));
        #[expect(unsafe_code, reason = "a vector is written through a pointer")]
        // SAFETY: the chunk has room for eight lanes; no alignment is asked for.
        unsafe {
            std::arch::x86_64::_mm512_storeu_pd(out.as_mut_ptr(), cell);
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
#[inline]
fn eight(lanes: &[f64]) -> std::arch::x86_64::__m512d {
    assert_eq!(lanes.len(), 8, "a vector of eight lanes");
    #[expect(unsafe_code, reason = "a vector is read through a pointer")]
    // SAFETY: the slice holds eight lanes; no alignment is asked for.
    unsafe {
        std::arch::x86_64::_mm512_loadu_pd(lanes.as_ptr())
    }
}
