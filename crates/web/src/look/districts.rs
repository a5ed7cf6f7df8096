//! The districts of Chongqing: what they are called, and about where each lies among the others.

use city::places::District;
use rules::explain::Lang;

/// A district with its place on the map of tiles.
#[derive(Clone, Copy, Debug)]
pub struct Placed {
    /// Its code.
    pub code: i32,
    /// Its name in Chinese.
    pub zh: &'static str,
    /// A short one, for a tile.
    pub short: &'static str,
    /// Its name in English.
    pub en: &'static str,
    /// Its column and row.
    pub at: (i64, i64),
}

macro_rules! placed {
    ($($code:literal $zh:literal $short:literal $en:literal $column:literal $row:literal;)*) => {
        /// All of them, in the order of their codes.
        pub const ALL: &[Placed] = &[$(Placed { code: $code, zh: $zh, short: $short, en: $en, at: ($column, $row) },)*];
    };
}

placed! {
    500_101 "万州区" "万州" "Wanzhou" 6 2;
    500_102 "涪陵区" "涪陵" "Fuling" 5 4;
    500_103 "渝中区" "渝中" "Yuzhong" 3 5;
    500_104 "大渡口区" "大渡口" "Dadukou" 2 6;
    500_105 "江北区" "江北" "Jiangbei" 3 4;
    500_106 "沙坪坝区" "沙坪坝" "Shapingba" 2 4;
    500_107 "九龙坡区" "九龙坡" "Jiulongpo" 2 5;
    500_108 "南岸区" "南岸" "Nan’an" 4 5;
    500_109 "北碚区" "北碚" "Beibei" 2 3;
    500_110 "綦江区" "綦江" "Qijiang" 3 7;
    500_111 "大足区" "大足" "Dazu" 0 4;
    500_112 "渝北区" "渝北" "Yubei" 3 3;
    500_113 "巴南区" "巴南" "Banan" 3 6;
    500_114 "黔江区" "黔江" "Qianjiang" 7 6;
    500_115 "长寿区" "长寿" "Changshou" 4 3;
    500_116 "江津区" "江津" "Jiangjin" 1 6;
    500_117 "合川区" "合川" "Hechuan" 1 3;
    500_118 "永川区" "永川" "Yongchuan" 0 6;
    500_119 "南川区" "南川" "Nanchuan" 4 6;
    500_120 "璧山区" "璧山" "Bishan" 1 5;
    500_151 "铜梁区" "铜梁" "Tongliang" 1 4;
    500_152 "潼南区" "潼南" "Tongnan" 0 3;
    500_153 "荣昌区" "荣昌" "Rongchang" 0 5;
    500_154 "开州区" "开州" "Kaizhou" 6 1;
    500_155 "梁平区" "梁平" "Liangping" 5 2;
    500_156 "武隆区" "武隆" "Wulong" 5 5;
    500_229 "城口县" "城口" "Chengkou" 7 0;
    500_230 "丰都县" "丰都" "Fengdu" 6 4;
    500_231 "垫江县" "垫江" "Dianjiang" 5 3;
    500_233 "忠县" "忠县" "Zhongxian" 6 3;
    500_235 "云阳县" "云阳" "Yunyang" 7 1;
    500_236 "奉节县" "奉节" "Fengjie" 8 1;
    500_237 "巫山县" "巫山" "Wushan" 9 1;
    500_238 "巫溪县" "巫溪" "Wuxi" 8 0;
    500_240 "石柱土家族自治县" "石柱" "Shizhu" 7 4;
    500_241 "秀山土家族苗族自治县" "秀山" "Xiushan" 8 7;
    500_242 "酉阳土家族苗族自治县" "酉阳" "Youyang" 7 7;
    500_243 "彭水苗族土家族自治县" "彭水" "Pengshui" 6 5;
}

/// The district of a code.
#[must_use]
pub fn placed(district: District) -> Option<&'static Placed> {
    ALL.iter().find(|placed| placed.code == district.code())
}

/// What a district is called; its code where it is another city's.
#[must_use]
pub fn name(district: District, lang: Lang) -> String {
    placed(district).map_or_else(
        || district.to_string(),
        |placed| lang.pick(placed.zh, placed.en).to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::ALL;
    use std::collections::BTreeSet;

    #[test]
    fn every_district_has_a_tile_of_its_own() {
        let at: BTreeSet<_> = ALL.iter().map(|placed| placed.at).collect();
        let codes: BTreeSet<_> = ALL.iter().map(|placed| placed.code).collect();
        assert_eq!((ALL.len(), at.len(), codes.len()), (38, 38, 38));
    }
}
