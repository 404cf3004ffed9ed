// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Escrow} from "../../contracts/Escrow.sol";
import {HookToken} from "../../contracts/mocks/HookToken.sol";
import {Harness} from "./Harness.sol";

/// @notice Four accounts that are payers and spenders of each other, and a token that is a fifth and re-enters.
contract EscrowHandler is Harness {
    uint256 internal constant SUPPLY = 1_000_000;
    /// @dev Round amounts, few of them, so that those of nested calls are often equal.
    uint256 internal constant UNIT = 10_000;

    HookToken public immutable TOKEN;
    Escrow public immutable ESCROW;

    /// @notice The token is the last; it acts only in the middle of a transfer.
    address[5] public accounts;
    /// @notice What a spender debited and neither gave back nor paid; negative for one that gave what it never had.
    mapping(address spender => int256) public owed;
    /// @notice What the token kept although the escrow sent it.
    uint256 public kept;

    bool internal _isTransferSkipped;

    constructor() {
        TOKEN = new HookToken();
        ESCROW = new Escrow(TOKEN);
        accounts = [address(0xa1), address(0xa2), address(0xa3), address(0xa4), address(TOKEN)];
        for (uint256 i = 0; i < 5; ++i) {
            TOKEN.mint(accounts[i], SUPPLY);
            VM.prank(accounts[i]);
            TOKEN.approve(address(ESCROW), type(uint256).max);
        }
    }

    function deposit(uint256 from, uint256 payer, uint256 spender, uint256 amount) external {
        VM.prank(_actor(from));
        ESCROW.deposit(_account(payer), _account(spender), UNIT * bound(amount, 1, 4));
        _isTransferSkipped = false;
    }

    function withdraw(uint256 payer, uint256 spender, uint256 amount, uint256 to) external {
        (address payer_, address spender_) = (_actor(payer), _account(spender));
        uint256 amount_ = bound(amount, 1, ESCROW.balanceOf(payer_, spender_) + 1);
        VM.prank(payer_);
        ESCROW.withdraw(spender_, amount_, _account(to));
        _countSent(amount_);
    }

    function move(uint256 payer, uint256 from, uint256 to, uint256 amount) external {
        (address payer_, address from_) = (_actor(payer), _account(from));
        uint256 amount_ = bound(amount, 1, ESCROW.balanceOf(payer_, from_) + 1);
        VM.prank(payer_);
        ESCROW.move(from_, _account(to), amount_);
    }

    function debit(uint256 spender, uint256 payer, uint256 amount) external {
        (address spender_, address payer_) = (_actor(spender), _account(payer));
        uint256 amount_ = bound(amount, 0, ESCROW.balanceOf(payer_, spender_) + 1);
        VM.prank(spender_);
        ESCROW.debit(payer_, amount_);
        owed[spender_] += int256(amount_);
    }

    function credit(uint256 spender, uint256 payer, uint256 amount) external {
        address spender_ = _actor(spender);
        uint256 amount_ = UNIT * bound(amount, 0, 4);
        VM.prank(spender_);
        ESCROW.credit(_account(payer), amount_);
        owed[spender_] -= int256(amount_);
    }

    function pay(uint256 spender, uint256 to, uint256 amount) external {
        address spender_ = _actor(spender);
        uint256 amount_ = bound(amount, 1, ESCROW.poolOf(spender_) + 1);
        VM.prank(spender_);
        ESCROW.pay(_account(to), amount_);
        owed[spender_] -= int256(amount_);
        _countSent(amount_);
    }

    /// @notice Makes the next transfer re-enter, and perhaps lie about what it moved.
    function arm(uint256 kind, uint256 account, uint256 other, uint256 amount, bool isTransferSkipped) external {
        (address account_, address other_) = (_account(account), _account(other));
        amount = UNIT * bound(amount, 1, 4);
        bytes memory payload;
        if (kind % 6 == 0) payload = abi.encodeCall(ESCROW.deposit, (account_, other_, amount));
        if (kind % 6 == 1) payload = abi.encodeCall(ESCROW.withdraw, (account_, amount, other_));
        if (kind % 6 == 2) payload = abi.encodeCall(ESCROW.move, (account_, other_, amount));
        if (kind % 6 == 3) payload = abi.encodeCall(ESCROW.debit, (account_, amount));
        if (kind % 6 == 4) payload = abi.encodeCall(ESCROW.credit, (account_, amount));
        if (kind % 6 == 5) payload = abi.encodeCall(ESCROW.pay, (account_, amount));
        TOKEN.arm(address(ESCROW), payload, isTransferSkipped);
        _isTransferSkipped = isTransferSkipped;
    }

    /// @dev A transfer that reverted leaves the token armed for the next one.
    function disarm() external {
        TOKEN.arm(address(0), "", false);
        _isTransferSkipped = false;
    }

    function _countSent(uint256 amount) internal {
        if (_isTransferSkipped) kept += amount;
        _isTransferSkipped = false;
    }

    function _actor(uint256 seed) internal view returns (address) {
        return accounts[seed % 4];
    }

    function _account(uint256 seed) internal view returns (address) {
        return accounts[seed % 5];
    }
}

/// @notice Money in the escrow is always somebody's, and nobody else's.
contract EscrowInvariantTest is Harness {
    EscrowHandler internal _handler;

    function setUp() external {
        _handler = new EscrowHandler();
        target(address(_handler));
    }

    function invariant_poolsAddUpToTheTokensHeld() external view {
        uint256 pools = 0;
        for (uint256 i = 0; i < 5; ++i) pools += _handler.ESCROW().poolOf(_handler.accounts(i));

        uint256 held = _handler.TOKEN().balanceOf(address(_handler.ESCROW()));
        assertEq(held, pools + _handler.kept(), "tokens held != pools");
    }

    function invariant_aPoolIsWhatItsPayersHaveAndItsSpenderOwes() external view {
        for (uint256 i = 0; i < 4; ++i) {
            address spender = _handler.accounts(i);
            int256 expected = _handler.owed(spender);
            for (uint256 j = 0; j < 5; ++j) {
                expected += int256(_handler.ESCROW().balanceOf(_handler.accounts(j), spender));
            }

            require(int256(_handler.ESCROW().poolOf(spender)) == expected, "pool != balances + owed");
        }
    }
}
