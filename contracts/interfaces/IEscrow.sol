// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title IEscrow
/// @notice The only place payer money lives: one balance per (payer, spender), one pool per spender.
/// @dev A payer trusts a spender by depositing to it; a spender can never touch another spender's pool, and nobody
/// else can move anything. For every token unit held: Σ pools = token balance (surplus sent by mistake aside), and
/// each pool = Σ balances of its payers + what the spender still owes.
interface IEscrow {
    /// @notice `amount` was added to `payer`'s balance with `spender`; `from` paid it.
    event Deposited(address indexed payer, address indexed spender, address indexed from, uint256 amount);
    /// @notice `payer` took `amount` out of its balance with `spender`, to `to`.
    event Withdrawn(address indexed payer, address indexed spender, address indexed to, uint256 amount);
    /// @notice `payer` moved `amount` from its balance with `from` to its balance with `to`.
    event Moved(address indexed payer, address indexed from, address indexed to, uint256 amount);
    /// @notice `spender` paid `amount` out of its pool to `to`.
    event Paid(address indexed spender, address indexed to, uint256 amount);

    error ZeroAmount();
    error ZeroAddress();
    /// @notice The token delivered `received` where `expected` was sent (fee-on-transfer tokens are refused).
    error TokenAmountMismatch(uint256 received, uint256 expected);
    error InsufficientBalance(address payer, address spender, uint256 balance, uint256 needed);
    error InsufficientPool(address spender, uint256 pool, uint256 needed);

    /// @notice The one token this escrow holds.
    function TOKEN() external view returns (IERC20);

    /// @notice Free balance of `payer` with `spender`, in token units.
    function balanceOf(address payer, address spender) external view returns (uint256);

    /// @notice Everything held for `spender`: its payers' balances and what it owes.
    function poolOf(address spender) external view returns (uint256);

    /// @notice Pulls `amount` from the caller by allowance into `payer`'s balance with `spender`.
    function deposit(address payer, address spender, uint256 amount) external;

    /// @notice Like `deposit` for the caller itself, after an ERC-2612 permit. A permit that was front-run is not an error.
    function depositWithPermit(
        address spender,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice Takes `amount` by ERC-3009 from `payer`, which signed for this escrow; anyone may submit.
    /// @dev The nonce is `keccak256(abi.encode(spender, salt))`, so a submitter cannot redirect the money to another spender.
    function depositWithAuthorization(
        address payer,
        address spender,
        uint256 amount,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 salt,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice Sends `amount` of the caller's balance with `spender` to `to`, at once: what a spender needs it has
    /// already debited.
    function withdraw(address spender, uint256 amount, address to) external;

    /// @notice Moves `amount` of the caller's balance from spender `from` to spender `to`.
    function move(address from, address to, uint256 amount) external;

    /// @notice The calling spender takes `amount` from `payer`'s balance with it. Emits nothing: the spender's own event says why.
    function debit(address payer, uint256 amount) external;

    /// @notice The calling spender gives `amount` back to `payer`'s balance with it. Emits nothing, as `debit`.
    /// @dev Trusts the spender to give back no more than it debited: it can only hurt its own pool.
    function credit(address payer, uint256 amount) external;

    /// @notice The calling spender sends `amount` out of its pool to `to`.
    function pay(address to, uint256 amount) external;
}
