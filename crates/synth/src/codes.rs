//! What do the small numbers in the columns of registers mean? As an office's tables write them.

/// Sex (GB/T 2261.1).
pub mod sex {
    /// 男
    pub const MALE: u8 = 1;
    /// 女
    pub const FEMALE: u8 = 2;
}

/// Schemes of insurance.
pub mod scheme {
    /// 职工基本养老保险
    pub const EMPLOYEE_PENSION: u8 = 1;
    /// 城乡居民基本养老保险
    pub const RESIDENT_PENSION: u8 = 2;
    /// 失业保险
    pub const UNEMPLOYMENT: u8 = 3;
    /// 工伤保险
    pub const WORK_INJURY: u8 = 4;
}

/// As what somebody is insured.
pub mod category {
    /// With an employer who pays a share.
    pub const EMPLOYEE: u8 = 1;
    /// Paying the whole.
    pub const INDIVIDUAL: u8 = 2;
    /// As a resident, by the year.
    pub const RESIDENT: u8 = 3;
}

/// Kinds of employment.
pub mod employment {
    /// By a contract of employment.
    pub const STANDARD: u8 = 1;
    /// For a platform.
    pub const PLATFORM: u8 = 2;
    /// Part-time.
    pub const FLEXIBLE: u8 = 3;
    /// By an agency, at work elsewhere.
    pub const DISPATCHED: u8 = 4;
}

/// Posts.
pub mod post {
    /// A worker's post.
    pub const WORKER: u8 = 1;
    /// A post in management or technology.
    pub const MANAGEMENT: u8 = 2;
}

/// How a participation stands.
pub mod status {
    /// Paying.
    pub const ACTIVE: u8 = 1;
    /// Not paying for a while.
    pub const PAUSED: u8 = 2;
    /// Contributions are over: a pension is drawn.
    pub const ENDED: u8 = 3;
}

/// What one person is to another of the household.
pub mod relation {
    /// Married to them.
    pub const SPOUSE: u8 = 1;
    /// The other is a parent.
    pub const PARENT: u8 = 2;
    /// The other is a child.
    pub const CHILD: u8 = 3;
}

/// The size an employer was made by.
pub mod size {
    /// With about 1 to 45 staff.
    pub const SMALL: u8 = 1;
    /// With about 40 to 500.
    pub const MIDDLING: u8 = 2;
    /// With about 500 to 20,000.
    pub const LARGE: u8 = 3;
    /// A platform, whose workers are insured as individuals or residents.
    pub const PLATFORM: u8 = 4;
}

/// What changes in a month.
pub mod change {
    /// Begins to work for an employer, as an employee.
    pub const HIRED: u8 = 1;
    /// Leaves the employer; the pension pauses, the other schemes end.
    pub const LEFT: u8 = 2;
    /// The wage is another one.
    pub const WAGE: u8 = 3;
    /// An individual pauses.
    pub const PAUSED: u8 = 4;
    /// An individual goes on paying.
    pub const RESUMED: u8 = 5;
}
