/** The product's mark: two threads that cross. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#4653c9" />
      <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round">
        <path d="M7 11h5c4 0 4 10 8 10h5" />
        <path d="M7 21h5c1.3 0 2.2-1 3-2.5M17 13.5c.8-1.5 1.7-2.5 3-2.500h5" />
      </g>
    </svg>
  )
}
